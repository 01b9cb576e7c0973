// Package grpc4e56696 is after grpc-go 4e56696c6c5a: the dialler waits for a
// channel that the watcher closes on one of its ways only, and the watcher ends
// on the other one.
package grpc4e56696

type balancer interface{ Notify() <-chan []string }

type clientBad struct{ balancer balancer }

func (cc *clientBad) watch(doneChan chan struct{}) {
	for addrs := range cc.balancer.Notify() {
		if len(addrs) > 0 && doneChan != nil {
			close(doneChan)
			doneChan = nil
		}
	}
}

// Dial connects in the background.
func (cc *clientBad) Dial() {
	go func() {
		doneChan := make(chan struct{})
		go cc.watch(doneChan)
		<-doneChan
	}()
}

type clientOk struct{ balancer balancer }

func (cc *clientOk) watch(doneChan chan struct{}) {
	defer func() {
		if doneChan != nil {
			close(doneChan)
		}
	}()
	for addrs := range cc.balancer.Notify() {
		if len(addrs) > 0 && doneChan != nil {
			close(doneChan)
			doneChan = nil
		}
	}
}

// Dial connects in the background.
func (cc *clientOk) Dial() {
	go func() {
		doneChan := make(chan struct{})
		go cc.watch(doneChan)
		<-doneChan
	}()
}
