// Command ok breaks out of the labelled loop.
package main

import (
	"example.com/leaks/judge"
)

type consumer struct {
	in   chan int
	quit chan struct{}
	sum  int
}

func (c *consumer) run() {
loop:
	for {
		select {
		case n := <-c.in:
			c.sum += n
		case <-c.quit:
			break loop
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
