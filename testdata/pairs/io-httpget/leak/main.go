// Command leak asks a silent web server by http.Get, with a context beside it.
package main

import (
	"context"
	"log"
	"net"
	"net/http"
	"time"

	"example.com/leaks/judge"
)

type check struct{ status int }

func (c *check) probe(ctx context.Context, url string) {
	if ctx.Err() != nil {
		return
	}
	resp, err := http.Get(url)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	c.status = resp.StatusCode
}

func probe(url string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	var c check
	go c.probe(ctx, url)
	<-ctx.Done()
}

func main() {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		probe("http://" + ln.Addr().String())
	}
	judge.Report()
	ln.Close()
}
