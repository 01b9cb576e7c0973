// Command uninterruptible-accept looks at its context between two calls of
// Accept, which does not return before somebody connects.
package main

import (
	"context"
	"net"
	"time"

	"example.com/leaks/judge"
)

func acceptLoop(ctx context.Context, ln net.Listener) {
	for {
		select {
		case <-ctx.Done():
			return
		default:
		}
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		conn.Close()
	}
}

func serve(d time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go acceptLoop(ctx, ln)
	<-ctx.Done()
	return nil
}

func main() {
	for range 2 {
		if err := serve(20 * time.Millisecond); err != nil {
			panic(err)
		}
	}
	judge.Report()
}
