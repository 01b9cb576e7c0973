// Package moby7559 is a fixed form: each round of the loop releases the lock.
package moby7559

import (
	"net"
	"sync"
)

type udpProxy struct {
	lock  sync.Mutex
	dials int
}

func (p *udpProxy) dial() error {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.dials++
	conn, err := net.DialUDP("udp", nil, nil)
	if err != nil {
		return err
	}
	return conn.Close()
}

func (p *udpProxy) Run() {
	for i := 0; i < 2; i++ {
		if err := p.dial(); err != nil {
			continue
		}
		break
	}
}

// Run runs a proxy.
func Run() { go (&udpProxy{}).Run() }
