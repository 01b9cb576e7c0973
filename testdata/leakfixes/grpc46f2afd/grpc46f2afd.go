// Package grpc46f2afd is after grpc-go 46f2afd293d8: a connection is retried
// with growing pauses, and a shutdown waits for the end of the pause.
package grpc46f2afd

import "time"

type connBad struct {
	shutdown chan struct{}
	dial     func() error
}

// NewBad returns a connection that is made by dial.
func NewBad(dial func() error) *connBad {
	return &connBad{shutdown: make(chan struct{}), dial: dial}
}

// Connect keeps trying in the background.
func (c *connBad) Connect() { go c.resetTransport() }

func (c *connBad) resetTransport() {
	for retries := 1; ; retries++ {
		select {
		case <-c.shutdown:
			return
		default:
		}
		if c.dial() == nil {
			return
		}
		time.Sleep(time.Duration(retries) * time.Minute)
	}
}

// Close gives up.
func (c *connBad) Close() { close(c.shutdown) }

type connOk struct {
	shutdown chan struct{}
	dial     func() error
}

// NewOk returns a connection that is made by dial.
func NewOk(dial func() error) *connOk {
	return &connOk{shutdown: make(chan struct{}), dial: dial}
}

// Connect keeps trying in the background.
func (c *connOk) Connect() { go c.resetTransport() }

func (c *connOk) resetTransport() {
	for retries := 1; ; retries++ {
		if c.dial() == nil {
			return
		}
		select {
		case <-time.After(time.Duration(retries) * time.Minute):
		case <-c.shutdown:
			return
		}
	}
}

// Close gives up.
func (c *connOk) Close() { close(c.shutdown) }
