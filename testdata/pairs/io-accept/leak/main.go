// Command leak accepts connections until one more comes after the cancel.
package main

import (
	"context"
	"log"
	"net"
	"time"

	"example.com/leaks/judge"
)

func serve(ctx context.Context, ln net.Listener) {
	for ctx.Err() == nil {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		conn.Close()
	}
}

func listen(ln net.Listener) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go serve(ctx, ln)
	time.Sleep(5 * time.Millisecond)
}

func main() {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		listen(ln)
	}
	judge.Report()
	ln.Close()
}
