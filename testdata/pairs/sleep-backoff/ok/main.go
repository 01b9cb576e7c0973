// Command ok waits a minute or for its context.
package main

import (
	"context"
	"time"

	"example.com/leaks/judge"
)

type client struct{ tries int }

func (c *client) connect() bool {
	c.tries++
	return c.tries > 100
}

func (c *client) keepTrying(ctx context.Context) {
	for ctx.Err() == nil {
		if c.connect() {
			return
		}
		select {
		case <-time.After(time.Minute):
		case <-ctx.Done():
			return
		}
	}
}

func dial() {
	ctx, cancel := context.WithCancel(context.Background())
	go new(client).keepTrying(ctx)
	time.Sleep(5 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		dial()
	}
	judge.Report()
}
