// Command endless-redial connects again whenever the connection is lost, also after
// Close.
package main

import (
	"errors"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type link struct {
	tries atomic.Int64
	up    atomic.Bool
}

func newLink() *link {
	l := &link{}
	go l.keep()
	return l
}

func (l *link) dial() error {
	if l.tries.Add(1) < 1000 {
		return errors.New("refused")
	}
	return nil
}

func (l *link) keep() {
	for {
		if err := l.dial(); err != nil {
			time.Sleep(5 * time.Millisecond)
			continue
		}
		l.up.Store(true)
		time.Sleep(time.Second)
	}
}

// Close gives the link up.
func (l *link) Close() { l.up.Store(false) }

func main() {
	for range 2 {
		l := newLink()
		time.Sleep(5 * time.Millisecond)
		l.Close()
	}
	judge.Report()
}
