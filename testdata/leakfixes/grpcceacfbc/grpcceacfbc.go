// Package grpcceacfbc is after grpc-go ceacfbcbc151: the goroutine of the last
// call sends to a loop that has been stopped.
package grpcceacfbc

import "time"

type clientBad struct {
	stop    chan bool
	latency chan time.Duration
	call    func()
}

// NewBad returns a client that makes calls.
func NewBad(call func()) *clientBad {
	return &clientBad{stop: make(chan bool), latency: make(chan time.Duration, 8), call: call}
}

// Start makes one call after the other until Stop.
func (bc *clientBad) Start() {
	go func() {
		for {
			done := make(chan bool)
			go func() {
				start := time.Now()
				bc.call()
				select {
				case bc.latency <- time.Since(start):
				default:
				}
				done <- true
			}()
			select {
			case <-bc.stop:
				return
			case <-done:
			}
		}
	}()
}

// Stop ends the calls.
func (bc *clientBad) Stop() { close(bc.stop) }

type clientOk struct {
	stop    chan bool
	latency chan time.Duration
	call    func()
}

// NewOk returns a client that makes calls.
func NewOk(call func()) *clientOk {
	return &clientOk{stop: make(chan bool), latency: make(chan time.Duration, 8), call: call}
}

// Start makes one call after the other until Stop.
func (bc *clientOk) Start() {
	go func() {
		for {
			done := make(chan bool)
			go func() {
				start := time.Now()
				bc.call()
				select {
				case bc.latency <- time.Since(start):
				default:
				}
				select {
				case done <- true:
				case <-bc.stop:
				}
			}()
			select {
			case <-bc.stop:
				return
			case <-done:
			}
		}
	}()
}

// Stop ends the calls.
func (bc *clientOk) Stop() { close(bc.stop) }
