// Package result holds a send whose receiver leaves first.
package result

import (
	"context"
	"time"
)

// Run calls with a time limit.
func Run() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	result := make(chan int)
	go func() {
		time.Sleep(10 * time.Millisecond)
		result <- 1
	}()
	select {
	case <-result:
	case <-ctx.Done():
	}
}
