// Package cockroach18101 is a fixed form: the producer heeds its context in
// each send.
package cockroach18101

import "context"

const chanSize = 6

func restore(ctx context.Context) bool {
	ready := make(chan bool, chanSize)
	go func() {
		defer close(ready)
		splitAndScatter(ctx, ready)
	}()
	for span := range ready {
		select {
		case <-ctx.Done():
			return span
		}
	}
	return true
}

func splitAndScatter(ctx context.Context, ready chan bool) {
	for i := 0; i < chanSize+2; i++ {
		select {
		case ready <- i != 0:
		case <-ctx.Done():
			return
		}
	}
}

// Run restores and cancels.
func Run() {
	ctx, cancel := context.WithCancel(context.Background())
	go restore(ctx)
	go cancel()
}
