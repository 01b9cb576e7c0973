// Package kubernetes70277 is a fixed form: waitFor owns the channel that stops
// its wait function, and closes it when it returns.
package kubernetes70277

import "time"

type waitFunc func(done <-chan struct{}) <-chan struct{}

func waitFor(wait waitFunc, fn func() (bool, error), done <-chan struct{}) error {
	stop := make(chan struct{})
	defer close(stop)
	c := wait(stop)
	for {
		select {
		case _, open := <-c:
			ok, err := fn()
			if err != nil || ok || !open {
				return err
			}
		case <-done:
			return nil
		}
	}
}

func poller(interval, timeout time.Duration) waitFunc {
	return func(done <-chan struct{}) <-chan struct{} {
		ch := make(chan struct{})
		go func() {
			defer close(ch)
			tick := time.NewTicker(interval)
			defer tick.Stop()
			timer := time.NewTimer(timeout)
			defer timer.Stop()
			for {
				select {
				case <-tick.C:
					select {
					case ch <- struct{}{}:
					default:
					}
				case <-timer.C:
					return
				case <-done:
					return
				}
			}
		}()
		return ch
	}
}

// Run waits for a condition and then for the end of the wait function.
func Run() {
	stopCh := make(chan struct{})
	defer close(stopCh)
	poll := poller(time.Millisecond, 80*time.Millisecond)
	var doneCh <-chan struct{}
	waitFor(func(done <-chan struct{}) <-chan struct{} {
		doneCh = done
		return poll(done)
	}, func() (bool, error) { return true, nil }, stopCh)
	<-doneCh
}
