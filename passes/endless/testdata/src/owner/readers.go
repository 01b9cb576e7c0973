package owner

import "time"

// What ranges over the channel of the goroutine has to end with it.

// FeedBad shows a number at each tick.
func FeedBad(every time.Duration, show func(int)) {
	numbers := make(chan int)
	go func(to chan int) {
		for range time.Tick(every) { // want `has no end`
			to <- 1
		}
	}(numbers)
	Show(numbers, show)
}

// Show shows numbers until there are no more.
func Show(numbers chan int, show func(int)) {
	for n := range numbers {
		show(n)
	}
}

// Where another function sends as well, nobody can close the channel: there is no fix.

// MixBad shows numbers of two sources.
func MixBad(every time.Duration, first int, show func(int)) {
	numbers := make(chan int)
	go func() {
		for range time.Tick(every) { // want `has no end`
			numbers <- 1
		}
	}()
	go func() { numbers <- first }()
	for n := range numbers {
		show(n)
	}
}
