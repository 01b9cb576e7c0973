// Command leak breaks out of the select when the quit channel is closed, and
// goes on.
package main

import (
	"time"

	"example.com/leaks/judge"
)

type consumer struct {
	in   chan int
	quit chan struct{}
	sum  int
}

func (c *consumer) run() {
	for {
		select {
		case n := <-c.in:
			c.sum += n
		case <-c.quit:
			time.Sleep(time.Millisecond)
			break
		}
	}
}

func start() *consumer {
	c := &consumer{in: make(chan int), quit: make(chan struct{})}
	go c.run()
	return c
}

// Close ends the consumer.
func (c *consumer) Close() { close(c.quit) }

func main() {
	for range 2 {
		c := start()
		c.in <- 1
		c.Close()
	}
	judge.Report()
}
