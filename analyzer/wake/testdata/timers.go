package timers

import "time"

// chan.go: where a timer is stopped, its value may not come.
func Stopped() {
	t := time.NewTimer(time.Second)
	go func() { <-t.C }() // WANT: close t.C never (nobody does); time t.C unclear (nothing shows that somebody does)
	t.Stop()
}

func After() {
	go func() { <-time.After(time.Second) }() // WANT: close time.After(time.Second) never (nobody does); time time.After(time.Second) itself
}

// One that only its own function stops, when it returns.
func OwnTicker(stop chan bool) {
	go func() {
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for range 3 {
			<-t.C // WANT: close t.C never (nobody does); time t.C itself
		}
	}()
	go func() {
		t := time.NewTicker(time.Second)
		if work() {
			t.Stop()
		}
		<-t.C // WANT: close t.C never (nobody does); time t.C unclear (nothing shows that somebody does)
	}()
	go func() {
		t := time.NewTimer(time.Second)
		defer t.Stop()
		keep(t)
		<-t.C // WANT: close t.C never (nobody does); time t.C unclear (nothing shows that somebody does)
	}()
	go func() {
		t := time.NewTimer(time.Second)
		defer t.Stop()
		for range 3 {
			<-t.C // WANT: close t.C never (nobody does); time t.C unclear (nothing shows that somebody does)
		}
	}()
}

var kept *time.Timer

func keep(t *time.Timer) { kept = t }

func work() bool { return time.Now().Unix() > 3 }

func halt() { kept.Stop() }

func Halt() { halt() }
