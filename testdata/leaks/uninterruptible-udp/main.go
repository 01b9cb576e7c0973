// Command uninterruptible-udp waits for packets that nobody sends.
package main

import (
	"context"
	"net"
	"time"

	"example.com/leaks/judge"
)

func receive(ctx context.Context, conn net.PacketConn) {
	buf := make([]byte, 512)
	for ctx.Err() == nil {
		if _, _, err := conn.ReadFrom(buf); err != nil {
			return
		}
	}
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go receive(ctx, conn)
	time.Sleep(5 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}
