package p

import (
	"sync"
	"sync/atomic"
	"time"
)

// Sleeps between two looks at a flag.

type link struct {
	mu      sync.Mutex
	over    bool
	down    atomic.Bool
	longest time.Duration
	short   time.Duration
}

func NewLink() *link { return &link{longest: 10 * time.Minute, short: 5 * time.Second} }

func (l *link) ended() bool { l.mu.Lock(); defer l.mu.Unlock(); return l.over }

func napBad(d time.Duration) { time.Sleep(d) } // want "over is looked at before and after time.Sleep, which can last 10m0s"

func (l *link) Start(try func() error) {
	go func() {
		for !l.ended() {
			if try() == nil {
				return
			}
			napBad(l.longest)
		}
	}()
}

func (l *link) DownBad(try func()) {
	go func() {
		for {
			if l.down.Load() {
				return
			}
			try()
			time.Sleep(2 * time.Minute) // want "which can last 2m0s"
		}
	}()
}

func (l *link) GrowBad(try func() error) {
	wait := time.Second
	go func() {
		for !l.down.Load() {
			if try() == nil {
				return
			}
			if wait *= 2; wait > 5*time.Minute {
				wait = 5 * time.Minute
			}
			time.Sleep(min(wait, 5*time.Minute)) // want "which can last 5m0s"
		}
	}()
}

// Seconds are short where a flag is all there is.
func (l *link) ShortOk(try func() error) {
	go func() {
		for !l.ended() {
			if try() == nil {
				return
			}
			time.Sleep(l.short)
		}
	}()
}

// How long is not known.
func (l *link) UnknownOk(try func(), every time.Duration) {
	go func() {
		for !l.down.Load() {
			try()
			time.Sleep(every)
		}
	}()
}

// The flag says that the goroutine has done its work.
func (l *link) OwnOk(try func() error) {
	go func() {
		done := false
		for !done {
			done = try() == nil
			time.Sleep(time.Minute)
		}
	}()
}

func (l *link) Stop() {
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	l.down.Store(true)
}

// The flag is a variable of who starts it, which gets its address.
func lentBad(over *atomic.Bool) {
	for !over.Load() {
		time.Sleep(time.Hour) // want "is looked at before and after time.Sleep, which can last 1h0m0s"
	}
}

func Lent(try func()) {
	var over atomic.Bool
	go func() { lentBad(&over) }()
	try()
	over.Store(true)
}

func sentBad(over *atomic.Bool) {
	for !over.Load() {
		time.Sleep(time.Hour) // want "is looked at before and after time.Sleep, which can last 1h0m0s"
	}
}

func Sent(try func()) {
	var over atomic.Bool
	go sentBad(&over)
	try()
	over.Store(true)
}

// The sleeps are short.
func lentOk(over *atomic.Bool) {
	for !over.Load() {
		time.Sleep(10 * time.Second)
	}
}

func LentShort(try func()) {
	var over atomic.Bool
	go lentOk(&over)
	try()
	over.Store(true)
}

// Another stop ends the loop as well.
func bothOk(over *atomic.Bool, quit chan struct{}) {
	for !over.Load() {
		select {
		case <-quit:
			return
		case <-time.After(time.Hour):
		}
	}
}

func Both(try func()) {
	var over atomic.Bool
	quit := make(chan struct{})
	go bothOk(&over, quit)
	try()
	over.Store(true)
	close(quit)
}
