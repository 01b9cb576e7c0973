// Package moby33781 is a fixed form: the probe's result has room, so the probe
// ends although the monitor was stopped.
package moby33781

import (
	"context"
	"time"
)

func monitor(stop chan bool) {
	for {
		select {
		case <-stop:
			return
		case <-time.After(time.Millisecond):
			results := make(chan bool, 1)
			ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
			go func() {
				results <- true
				close(results)
			}()
			select {
			case <-stop:
				cancel()
				return
			case <-results:
				cancel()
			case <-ctx.Done():
				cancel()
				<-results
			}
		}
	}
}

// Run monitors for a few milliseconds.
func Run() {
	stop := make(chan bool)
	go monitor(stop)
	go func() {
		time.Sleep(3 * time.Millisecond)
		stop <- true
	}()
}
