// Package grpceada4fb is after grpc-go eada4fb14513: the first connection is
// made in a goroutine while the dialler waits with a time limit.
package grpceada4fb

import (
	"errors"
	"time"
)

var errTimeout = errors.New("dial timed out")

type conn struct{ addr string }

func (c *conn) reset() error {
	if c.addr == "" {
		return errors.New("no address")
	}
	return nil
}

// DialBad connects to addr.
func DialBad(addr string, limit time.Duration) (*conn, error) {
	c := &conn{addr}
	waitC := make(chan error)
	go func() {
		if err := c.reset(); err != nil {
			waitC <- err
			return
		}
		close(waitC)
	}()
	var timeout <-chan time.Time
	if limit > 0 {
		timeout = time.After(limit)
	}
	select {
	case err := <-waitC:
		return c, err
	case <-timeout:
		return nil, errTimeout
	}
}

// DialOk connects to addr.
func DialOk(addr string, limit time.Duration) (*conn, error) {
	c := &conn{addr}
	waitC := make(chan error, 1)
	go func() {
		if err := c.reset(); err != nil {
			waitC <- err
			return
		}
		close(waitC)
	}()
	var timeout <-chan time.Time
	if limit > 0 {
		timeout = time.After(limit)
	}
	select {
	case err := <-waitC:
		return c, err
	case <-timeout:
		return nil, errTimeout
	}
}
