package promote

import (
	"sync"
	"time"
)

// patient calls f when this process has run for about d, unless stop is called
// before. A timer would not do: it also ends while the process is stopped or gets
// no processor, and then before anybody who is waited for has had a chance.
func patient(d time.Duration, f func()) (stop func()) {
	const steps = 20
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(max(d/steps, 1)) // drops the ticks that nobody was there for
		defer tick.Stop()
		for range steps {
			select {
			case <-tick.C:
			case <-done:
				return
			}
		}
		f()
	}()
	return sync.OnceFunc(func() { close(done) })
}
