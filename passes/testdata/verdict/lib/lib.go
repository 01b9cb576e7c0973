// Package lib is used by package waits: what its functions wait for is told by
// facts.
package lib

import (
	"context"
	"time"
)

func Sleeps() {
	for {
		time.Sleep(time.Second)
	}
}

func SelectNothing() { select {} }

type Queue struct{ ch chan int }

func New() *Queue { return &Queue{ch: make(chan int)} }

func (q *Queue) Put(v int) { q.ch <- v }

func (q *Queue) Range() {
	for v := range q.ch {
		_ = v
	}
}

func Run(ctx context.Context, work func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
			work()
		}
	}
}

func Polls(ready func() bool) {
	for !ready() {
		time.Sleep(time.Second)
	}
}

func Sums(n int) int {
	s := 0
	for i := 0; i < n; i++ {
		s += i
	}
	return s
}

type Server struct{ quit chan struct{} }

func NewServer() *Server { return &Server{quit: make(chan struct{})} }

func (s *Server) Serve() { <-s.quit }

func (s *Server) Close() { close(s.quit) }

func Deep(c chan struct{}) { d1(c) }
func d1(c chan struct{})   { d2(c) }
func d2(c chan struct{})   { d3(c) }
func d3(c chan struct{})   { d4(c) }
func d4(c chan struct{})   { d5(c) }
func d5(c chan struct{})   { d6(c) }
func d6(c chan struct{})   { d7(c) }
func d7(c chan struct{})   { <-c }
