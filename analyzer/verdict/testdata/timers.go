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

// One that only its own function stops, when it returns.
func OwnTicker(stop chan bool) {
	go func() { // WANT: ends
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for range 3 {
			<-t.C
		}
	}()
	go func() { // WANT: unknown (it waits for t.C at +5, and nothing shows that somebody does)
		t := time.NewTicker(time.Second)
		if work() {
			t.Stop()
		}
		<-t.C
	}()
	go func() { // WANT: unknown (it waits for t.C at +4, and nothing shows that somebody does)
		t := time.NewTimer(time.Second)
		defer t.Stop()
		keep(t)
		<-t.C
	}()
	go func() { // WANT: unknown (it waits for t.C at +4, and nothing shows that somebody does)
		t := time.NewTimer(time.Second)
		defer t.Stop()
		for range 3 {
			<-t.C
		}
	}()
}

var kept *time.Timer

func keep(t *time.Timer) { kept = t }

func work() bool { return time.Now().Unix() > 3 }

func halt() { kept.Stop() }

func Halt() { halt() }
