// Package sleep holds a loop that looks at its context between long sleeps only.
package sleep

import (
	"context"
	"time"
)

// Run starts the loop and cancels its context.
func Run() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		for ctx.Err() == nil {
			time.Sleep(time.Hour)
		}
	}()
	time.Sleep(10 * time.Millisecond) // it sleeps before the cancel
}
