// Command leak waits for a datagram that does not come.
package main

import (
	"context"
	"log"
	"net"
	"time"

	"example.com/leaks/judge"
)

func receive(ctx context.Context, pc net.PacketConn, handle func([]byte)) {
	buf := make([]byte, 1500)
	for {
		select {
		case <-ctx.Done():
			return
		default:
		}
		n, _, err := pc.ReadFrom(buf)
		if err != nil {
			return
		}
		handle(buf[:n])
	}
}

func discover(pc net.PacketConn) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	go receive(ctx, pc, func([]byte) {})
	<-ctx.Done()
}

func main() {
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		discover(pc)
	}
	judge.Report()
	pc.Close()
}
