// Command oneshot holds fixtures: it starts a goroutine once, and ends when nobody waits
// for that any more.
package main

import (
	"fmt"
	"os"
)

type command struct{ ended chan error }

func main() {
	c := &command{ended: make(chan error)}
	if err := runBad(c); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func runBad(c *command) error {
	go func() {
		c.ended <- work() // want "goroutine cannot end its send: the function that started it can return without receiving from c.ended"
	}()
	if len(os.Args) > 1 {
		return fmt.Errorf("no arguments")
	}
	return <-c.ended
}

func work() error { return nil }

// A second send is not sure where a round need not send.

func HalvesBad(n int, work func(int) bool) {
	half := make(chan bool)
	go func() {
		for i := range n {
			if work(i) {
				half <- true // want `goroutine cannot end its send`
			}
		}
	}()
	<-half
}
