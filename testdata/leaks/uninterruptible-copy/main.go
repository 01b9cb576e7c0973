// Command uninterruptible-copy copies what a connection brings.
package main

import (
	"context"
	"io"
	"net"
	"time"

	"example.com/leaks/judge"
)

func drain(ctx context.Context, conn net.Conn) {
	if ctx.Err() != nil {
		return
	}
	io.Copy(io.Discard, conn)
}

func session() {
	here, there := net.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	go drain(ctx, here)
	there.Write([]byte("hello"))
	time.Sleep(5 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}
