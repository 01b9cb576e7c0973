// Package pool has an object that nobody is made to end: it lives as long as the command.
package pool

import "time"

type Pool struct{ n int }

func New() *Pool {
	p := new(Pool)
	go p.clean()
	return p
}

func (p *Pool) Len() int { return p.n }

func (p *Pool) clean() {
	for { // want "^.ext. goroutine never stops: the loop has no exit"
		time.Sleep(time.Minute)
		p.n = 0
	}
}
