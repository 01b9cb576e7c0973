package wake

import (
	"context"
	"time"
)

// A batch that was taken would be lost by a return at the sleep, so no fix is offered.
func TakenBad(ctx context.Context, in chan string, store func([]string)) {
	go func() {
		for {
			var batch []string
			select {
			case <-ctx.Done():
				return
			case s := <-in:
				batch = append(batch, s)
			}
			time.Sleep(time.Minute) // want "goroutine cannot stop while it sleeps: ctx does not end time.Sleep"
			store(batch)
		}
	}()
}
