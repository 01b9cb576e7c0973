// Package farlib holds what the goroutines of another package run.
package farlib

import "context"

func Work() {}

// Run works until the context ends.
func Run(ctx context.Context) {
	for ctx.Err() == nil {
		Work()
	}
}

// Drain takes all that comes.
func Drain(in <-chan int) {
	for range in {
		Work()
	}
}

// Wait waits for a stop.
func Wait(quit <-chan struct{}) { <-quit }

// Both waits for a stop or for the end of the context.
func Both(ctx context.Context, quit <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-quit:
	}
}

// Serve lives as long as the process.
func Serve(ctx context.Context) {
	for ctx.Err() == nil {
		Work()
	}
}

// Try does not wait.
func Try(quit <-chan struct{}) {
	select {
	case <-quit:
	default:
	}
}

// InnerBad waits for what it makes itself, which is reported there.
func InnerBad() {
	quit := make(chan struct{})
	<-quit // want "waits for ever: nothing sends on quit or closes it"
}

// Loop is a loop with a stop that its owner gives.
type Loop struct{ Quit <-chan struct{} }

// Run works until the stop.
func (l *Loop) Run() {
	for {
		select {
		case <-l.Quit:
			return
		default:
			Work()
		}
	}
}
