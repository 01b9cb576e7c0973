package ignoredstop

import (
	"log"
	"net"
)

// A look at the stop comes too late for a loop that waits in Accept: no fix.

type acceptor struct {
	ln   net.Listener
	quit chan struct{}
	use  func(net.Conn)
}

func (a *acceptor) Start() {
	go a.acceptBad()
	go func() {
		<-a.quit
		log.Print("stopped")
	}()
}

func (a *acceptor) acceptBad() {
	for { // want "a.quit is in reach"
		c, err := a.ln.Accept()
		if err != nil {
			log.Print(err)
			continue
		}
		go a.use(c)
	}
}

func (a *acceptor) Stop() { close(a.quit) }
