// Command ignoredstop-acks sends an acknowledgement for each message. Nobody takes
// them once the session is over.
package main

import (
	"context"
	"time"

	"example.com/leaks/judge"
)

type conn struct {
	messages chan int
	acks     chan int
}

func (c *conn) serve(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-c.messages:
			c.acks <- m
		}
	}
}

func session() {
	c := &conn{messages: make(chan int), acks: make(chan int)}
	ctx, cancel := context.WithCancel(context.Background())
	go c.serve(ctx)
	c.messages <- 1
	<-c.acks
	c.messages <- 2
	cancel()
	time.Sleep(time.Millisecond)
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}
