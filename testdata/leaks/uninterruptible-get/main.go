// Command uninterruptible-get asks a server that takes its time, without its context.
package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"time"

	"example.com/leaks/judge"
)

func fetch(ctx context.Context, url string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

func session(url string) {
	ctx, cancel := context.WithCancel(context.Background())
	go fetch(ctx, url)
	time.Sleep(10 * time.Millisecond)
	cancel()
}

func main() {
	ln, err := net.Listen("tcp", "127.0.0.1:0") // nobody accepts
	if err != nil {
		panic(err)
	}
	defer ln.Close()
	for range 2 {
		session("http://" + ln.Addr().String())
	}
	judge.Report()
}
