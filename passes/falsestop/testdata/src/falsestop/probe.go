package falsestop

import (
	"log"
	"net"
)

func openSocket(addr string) net.PacketConn {
	c, err := net.ListenPacket("udp", addr)
	if err != nil {
		panic(err)
	}
	return c
}

// What is closed here is another one, which only told the address. The loop has
// no stop at all.
func probeOk(addr string) {
	probe := openSocket(addr)
	defer probe.Close()
	go func() {
		c := openSocket(addr)
		read(c)
	}()
}

func read(c net.PacketConn) {
	buf := make([]byte, 1500)
	for {
		n, _, err := c.ReadFrom(buf)
		if err != nil {
			log.Print(err)
			continue
		}
		log.Print(n)
	}
}

func served(addr string) func() {
	c := openServer(addr)
	go func() { readBad(c) }()
	return func() { c.Close() }
}

func openServer(addr string) net.PacketConn {
	c, err := net.ListenPacket("udp", addr)
	if err != nil {
		panic(err)
	}
	return c
}

func readBad(c net.PacketConn) {
	buf := make([]byte, 1500)
	for {
		n, _, err := c.ReadFrom(buf) // want `close has no effect: c.ReadFrom returns an error after it`
		if err != nil {
			log.Print(err)
			continue
		}
		log.Print(n)
	}
}
