// Command ignoredstop-timer sets its timer anew in each round.
package main

import (
	"context"
	"time"

	"example.com/leaks/judge"
)

func renew(ctx context.Context, lease func(context.Context)) {
	t := time.NewTimer(time.Millisecond)
	defer t.Stop()
	for {
		<-t.C
		lease(ctx)
		t.Reset(2 * time.Millisecond)
	}
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	go renew(ctx, func(context.Context) {})
	time.Sleep(5 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}
