// Package lib holds what sends for others.
package lib

import (
	"fmt"
	"io"
)

// Get sends what it gets.
func Get(to chan<- int) {
	to <- 1
}

// Both sends two values.
func Both(to chan int) {
	to <- 1
	to <- 2
}

// Done closes done behind the send.
func Done(to chan int, done chan struct{}) {
	to <- 1
	close(done)
}

// Maybe need not send.
func Maybe(to chan int, n int) {
	if n > 5 {
		return
	}
	to <- n
}

// Try does not wait.
func Try(to chan int) {
	select {
	case to <- 1:
	default:
	}
}

// Close sends and closes.
func Close(to chan int) {
	to <- 1
	close(to)
}

// Echo takes back what nobody else has taken.
func Echo(to chan int) {
	go func() { <-to }()
	to <- 1
}

// Nine sends nine values and closes the channel.
func Nine(to chan int) {
	defer close(to)
	for i := range 9 {
		to <- i
	}
}

// Some need not send all of them.
func Some(to chan int, most int) {
	defer close(to)
	for i := range 9 {
		if i > most {
			return
		}
		to <- i
	}
}

// Lines writes to the pipe as long as that works.
func Lines(w *io.PipeWriter) {
	defer w.Close()
	for i := range 5 {
		if _, err := fmt.Fprintln(w, i); err != nil {
			return
		}
	}
}

// Line writes once.
func Line(w *io.PipeWriter) {
	defer w.Close()
	fmt.Fprintln(w, "a")
}

// Subscribe reads what the function gives it.
func Subscribe(connect func() (chan int, error)) {
	ch, err := connect()
	if err != nil {
		return
	}
	go func() {
		for range ch {
		}
	}()
}
