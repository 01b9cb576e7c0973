// Command ok polls and waits until its context ends.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type job struct{ polls atomic.Int64 }

func (j *job) poll(ctx context.Context) {
	for {
		j.polls.Add(1)
		select {
		case <-time.After(2 * time.Millisecond):
		case <-ctx.Done():
			return
		}
	}
}

func run() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var j job
	go j.poll(ctx)
	time.Sleep(5 * time.Millisecond)
}

func main() {
	for range 2 {
		run()
	}
	judge.Report()
}
