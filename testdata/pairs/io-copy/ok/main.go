// Command ok closes the source when the copy is given up.
package main

import (
	"context"
	"io"
	"log"
	"net"
	"time"

	"example.com/leaks/judge"
)

func relay(ctx context.Context, dst io.Writer, src net.Conn) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { src.Close() })
	defer stop()
	_, err := io.Copy(dst, src)
	return err
}

func transfer(src net.Conn) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go relay(ctx, io.Discard, src)
	time.Sleep(5 * time.Millisecond)
}

func main() {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	src, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		transfer(src)
	}
	judge.Report()
	src.Close()
	ln.Close()
}
