// Command leak polls and sleeps for ever beside its context.
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
		time.Sleep(2 * time.Millisecond)
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
