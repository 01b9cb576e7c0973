// Package turns has channels with room for one value, and loops that start the next
// sender only when, or even before, the last value was received.
package turns

import (
	"sync"
	"time"
)

func nilCaseOk(cond func() bool, wait, tick time.Duration) bool {
	ch := make(chan bool, 1)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for next := ticker.C; ; {
		select {
		case <-timer.C:
			return false
		case <-next:
			next = nil
			go func() { ch <- cond() }()
		case v := <-ch:
			if v {
				return true
			}
			next = ticker.C
		}
	}
}

func alwaysBad(cond func() bool, wait, tick time.Duration) bool {
	ch := make(chan bool, 1)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-timer.C:
			return false
		case <-ticker.C:
			go func() {
				ch <- cond() // want "return with sends on ch still to come"
			}()
		case v := <-ch:
			if v {
				return true
			}
		}
	}
}

// The timer case is there again before the value was received.
func armedBad(cond func() bool, more <-chan int, wait, tick time.Duration) bool {
	ch := make(chan bool, 1)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for next := ticker.C; ; {
		select {
		case <-timer.C:
			return false
		case <-next:
			next = nil
			go func() {
				ch <- cond() // want "return with sends on ch still to come"
			}()
		case <-more:
			next = ticker.C
		case v := <-ch:
			if v {
				return true
			}
			next = ticker.C
		}
	}
}

func flagOk(work <-chan int, f func(int) int, stop <-chan struct{}) (sum int) {
	ch := make(chan int, 1)
	busy := false
	n := 0
	for {
		if !busy && n > 0 {
			busy = true
			n--
			go send(ch, f, n)
		}
		select {
		case <-work:
			n++
		case v := <-ch:
			sum += v
			busy = false
		case <-stop:
			return sum
		}
	}
}

func send(ch chan int, f func(int) int, v int) { ch <- f(v) }

func flagBad(work <-chan int, f func(int) int, stop <-chan struct{}) (sum int) {
	ch := make(chan int, 1)
	busy := false
	for {
		select {
		case n := <-work:
			if !busy {
				busy = true
				go func() {
					ch <- f(n) // want "return with sends on ch still to come"
				}()
			} else {
				busy = false
			}
		case v := <-ch:
			sum += v
			busy = false
		case <-stop:
			return sum
		}
	}
}

func idleOk(work <-chan int, f func(int) int, stop <-chan struct{}) (sum int) {
	ch := make(chan int, 1)
	idle := true
	for {
		select {
		case n := <-work:
			if idle {
				idle = false
				go func() { ch <- f(n) }()
			}
		case v := <-ch:
			sum += v
			idle = true
		case <-stop:
			return sum
		}
		sum++
	}
}

// Each round receives before the next one starts.
func roundOk(work []int, f func(int) int, stop <-chan struct{}) (sum int) {
	ch := make(chan int, 1)
	for _, n := range work {
		go func() { ch <- f(n) }()
		select {
		case v := <-ch:
			sum += v
		case <-stop:
			return sum
		}
	}
	return sum
}

// Two values for each turn.
func twoBad(cond func() bool, wait, tick time.Duration) bool {
	ch := make(chan bool, 1)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for next := ticker.C; ; {
		select {
		case <-timer.C:
			return false
		case <-next:
			next = nil
			go func() {
				ch <- cond()
				ch <- cond() // want "return with sends on ch still to come"
			}()
		case v := <-ch:
			if v {
				return true
			}
			next = ticker.C
		}
	}
}

type feed struct {
	in   chan []byte
	errs chan error
	stop chan struct{}
}

func (c *feed) frameBad(b []byte) {
	if len(b) == 0 {
		c.errs <- nil // want "can return with sends on c.errs still to come"
		return
	}
}

// What starts them arrives whether they have sent or not.
func (c *feed) Serve(read func() []byte) {
	c.in = make(chan []byte)
	c.errs = make(chan error, 1)
	go func() {
		for {
			select {
			case c.in <- read():
			case <-c.stop:
				return
			}
		}
	}()
	for {
		select {
		case b := <-c.in:
			go c.frameBad(b)
		case <-c.errs:
			return
		case <-c.stop:
			return
		}
	}
}

// However many there are, one alone sends.
func onceOk(n int, listen func() int) int {
	ch := make(chan int, 1)
	var once sync.Once
	for range n {
		go func() {
			v := listen()
			once.Do(func() { ch <- v })
		}()
	}
	return <-ch
}

func onceEachBad(n int, listen func() int) int {
	ch := make(chan int, 1)
	for range n {
		var once sync.Once
		go func() {
			v := listen()
			once.Do(func() {
				ch <- v // want "return with sends on ch still to come"
			})
		}()
	}
	return <-ch
}
