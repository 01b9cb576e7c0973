// Command uninterruptible-handshake greets a peer that never answers.
package main

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"time"

	"example.com/leaks/judge"
)

func greet(ctx context.Context, conn net.Conn) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	return c.Handshake()
}

func session() {
	here, there := net.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		io.CopyN(io.Discard, there, 64)
	}()
	ctx, cancel := context.WithCancel(context.Background())
	go greet(ctx, here)
	<-done
	time.Sleep(5 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}
