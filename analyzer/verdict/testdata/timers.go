package timers

import "time"

// chan.go: where a timer is stopped, its value may not come.
func Stopped() {
	t := time.NewTimer(time.Second)
	go func() { <-t.C }() // WANT: unknown (it waits for t.C at +0, and nothing shows that somebody does)
	t.Stop()
}

func After() {
	go func() { <-time.After(time.Second) }() // WANT: ends
}
