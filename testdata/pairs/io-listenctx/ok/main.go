// Command ok closes the listener when the context ends.
package main

import (
	"context"
	"net"
	"time"

	"example.com/leaks/judge"
)

func serve(ctx context.Context) {
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	defer ln.Close()
	stop := context.AfterFunc(ctx, func() { ln.Close() })
	defer stop()
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		conn.Close()
	}
}

func start() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go serve(ctx)
	time.Sleep(10 * time.Millisecond)
}

func main() {
	for range 2 {
		start()
	}
	judge.Report()
}
