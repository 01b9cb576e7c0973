// Command abandoned-signal waits for a warm-up that may take too long.
package main

import (
	"fmt"
	"time"

	"example.com/leaks/judge"
)

type cache struct{ items map[string]int }

func (c *cache) warm() {
	time.Sleep(10 * time.Millisecond)
	c.items["a"] = 1
}

func (c *cache) start() bool {
	ready := make(chan bool)
	go func() {
		c.warm()
		ready <- true
	}()
	select {
	case ok := <-ready:
		return ok
	case <-time.After(time.Millisecond):
		return false
	}
}

func main() {
	for range 3 {
		c := &cache{items: make(map[string]int)}
		fmt.Println(c.start())
	}
	judge.Report()
}
