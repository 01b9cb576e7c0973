// Command ignoredstop-after waits for the next round with time.After alone.
package main

import (
	"context"
	"time"

	"example.com/leaks/judge"
)

type state struct{ rounds int }

func (s *state) refresh(ctx context.Context) { s.rounds++ }

func refresher(ctx context.Context, s *state) {
	for {
		<-time.After(2 * time.Millisecond)
		s.refresh(ctx)
	}
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	go refresher(ctx, &state{})
	time.Sleep(5 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}
