// Package app imports what lib exports.
package app

import "example.com/drivers/lib"

type Counter struct{ n int }

func NewCounter() *Counter {
	c := &Counter{}
	go c.run()
	lib.NewQueue()
	return c
}

func (c *Counter) run() {
	for { // want endless
		c.n++
	}
}

// Spin runs what lib tells of by a fact.
func Spin(n *int) {
	go lib.Turn(n) // want endless
}
