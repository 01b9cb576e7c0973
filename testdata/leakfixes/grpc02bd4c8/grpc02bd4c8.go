// Package grpc02bd4c8 is after grpc-go 02bd4c80b5de: of two sends in the
// goroutine only one is guarded by the stop channel.
package grpc02bd4c8

type clientBad struct {
	stop chan bool
	call func() error
}

// NewBad returns a client that makes calls.
func NewBad(call func() error) *clientBad {
	return &clientBad{stop: make(chan bool), call: call}
}

func (bc *clientBad) loop() {
	for {
		done := make(chan bool)
		go func() {
			if err := bc.call(); err != nil {
				done <- false
				return
			}
			select {
			case <-bc.stop:
			case done <- true:
			}
		}()
		select {
		case <-bc.stop:
			return
		case <-done:
		}
	}
}

// Run benchmarks until Stop is called.
func (bc *clientBad) Run() { go bc.loop() }

// Stop ends the benchmark.
func (bc *clientBad) Stop() { close(bc.stop) }

type clientOk struct {
	stop chan bool
	call func() error
}

// NewOk returns a client that makes calls.
func NewOk(call func() error) *clientOk {
	return &clientOk{stop: make(chan bool), call: call}
}

func (bc *clientOk) loop() {
	for {
		done := make(chan bool)
		go func() {
			ok := bc.call() == nil
			select {
			case <-bc.stop:
			case done <- ok:
			}
		}()
		select {
		case <-bc.stop:
			return
		case <-done:
		}
	}
}

// Run benchmarks until Stop is called.
func (bc *clientOk) Run() { go bc.loop() }

// Stop ends the benchmark.
func (bc *clientOk) Stop() { close(bc.stop) }
