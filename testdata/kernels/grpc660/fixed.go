// Package grpc660 is a fixed form: the request's goroutine heeds the stop that
// its receiver heeds.
package grpc660

import "math/rand"

type benchmarkClient struct{ stop chan bool }

func (bc *benchmarkClient) closeLoopUnary() {
	for {
		done := make(chan bool)
		go func() {
			select {
			case done <- rand.Intn(10) <= 7:
			case <-bc.stop:
			}
		}()
		select {
		case <-bc.stop:
			return
		case <-done:
		}
	}
}

// Run makes requests until it is stopped.
func Run() {
	bc := &benchmarkClient{stop: make(chan bool)}
	go bc.closeLoopUnary()
	go close(bc.stop)
}
