// Package lib is what package calls imports: it learns of its waits by summaries.
package lib

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

func work() {}

func Sleeps() {
	for {
		time.Sleep(time.Second)
	}
}

func Nothing() { select {} }

// Daemon runs as long as the process.
func Daemon() {
	for {
		time.Sleep(time.Second)
	}
}

func Run(ctx context.Context, f func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
			f()
		}
	}
}

func Deaf(ctx context.Context) {
	for {
		time.Sleep(time.Second)
	}
}

func Waits(ch chan struct{}) { <-ch }

func Each[T any](ch chan T) {
	for range ch {
		work()
	}
}

func Puts(ch chan int) { ch <- 1 }

func Polls(off *atomic.Bool) {
	for !off.Load() {
		time.Sleep(time.Second)
	}
}

func Ready(f func() bool) {
	for !f() {
		time.Sleep(time.Second)
	}
}

func Reads(c net.Conn) { c.Read(nil) }

func Joins(wg *sync.WaitGroup) { wg.Wait() }

func Calls(f func()) { f() }

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

type Queue struct{ ch chan int }

func NewQueue() *Queue { return &Queue{ch: make(chan int)} }

func (q *Queue) Range() {
	for range q.ch {
		work()
	}
}

// Own makes a context that nobody cancels.
func Own() {
	ctx := context.Background()
	for ctx.Err() == nil {
		time.Sleep(time.Second)
	}
}

// More waits than are told.
var C1, C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, C13 chan struct{}

func Infof(text string) {
	<-C1
	<-C2
	<-C3
	<-C4
	<-C5
	<-C6
	<-C7
	<-C8
	<-C9
	<-C10
	<-C11
	<-C12
	<-C13
}

func Work(text string) {
	<-C1
	<-C2
	<-C3
	<-C4
	<-C5
	<-C6
	<-C7
	<-C8
	<-C9
	<-C10
	<-C11
	<-C12
	<-C13
}
