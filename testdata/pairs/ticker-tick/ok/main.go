// Command ok leaves time.Tick when the request ends.
package main

import (
	"context"
	"log"
	"time"

	"example.com/leaks/judge"
)

func poll(ctx context.Context, every time.Duration, probe func() error) {
	tick := time.Tick(every)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
		if err := probe(); err != nil {
			log.Print(err)
		}
	}
}

func request() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	go poll(ctx, 2*time.Millisecond, func() error { return nil })
	<-ctx.Done()
}

func main() {
	for range 2 {
		request()
	}
	judge.Report()
}
