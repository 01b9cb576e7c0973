// Package ticker holds a range over the channel of a ticker, which Stop does not end.
package ticker

import "time"

// Run starts a loop and stops its ticker.
func Run() {
	t := time.NewTicker(time.Hour)
	go func() {
		for range t.C {
		}
	}()
	t.Stop()
}
