// Package loop holds a loop that ignores its context.
package loop

import (
	"context"
	"time"
)

// Run starts the loop and cancels its context.
func Run() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go poll(ctx, new(int))
}

func poll(ctx context.Context, n *int) {
	for {
		*n++
		time.Sleep(time.Millisecond)
	}
}
