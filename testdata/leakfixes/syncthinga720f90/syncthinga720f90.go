// Package syncthinga720f90 is after syncthing a720f90a70f3: the writer of a
// connection ranges over an outbox that is never closed, while Close closes
// another channel.
package syncthinga720f90

import (
	"io"
	"sync"
)

type connBad struct {
	w      io.Writer
	outbox chan []byte
	closed chan struct{}
	once   sync.Once
}

// NewConnBad returns a connection that writes to w.
func NewConnBad(w io.Writer) *connBad {
	c := &connBad{w: w, outbox: make(chan []byte), closed: make(chan struct{})}
	go c.writerLoop()
	return c
}

func (c *connBad) writerLoop() {
	for msg := range c.outbox {
		if _, err := c.w.Write(msg); err != nil {
			c.Close()
			return
		}
	}
}

// Send queues a message.
func (c *connBad) Send(msg []byte) bool {
	select {
	case c.outbox <- msg:
		return true
	case <-c.closed:
		return false
	}
}

// Close ends the connection.
func (c *connBad) Close() { c.once.Do(func() { close(c.closed) }) }

type connOk struct {
	w      io.Writer
	outbox chan []byte
	closed chan struct{}
	once   sync.Once
}

// NewConnOk returns a connection that writes to w.
func NewConnOk(w io.Writer) *connOk {
	c := &connOk{w: w, outbox: make(chan []byte), closed: make(chan struct{})}
	go c.writerLoop()
	return c
}

func (c *connOk) writerLoop() {
	for {
		select {
		case msg := <-c.outbox:
			if _, err := c.w.Write(msg); err != nil {
				c.Close()
				return
			}
		case <-c.closed:
			return
		}
	}
}

// Send queues a message.
func (c *connOk) Send(msg []byte) bool {
	select {
	case c.outbox <- msg:
		return true
	case <-c.closed:
		return false
	}
}

// Close ends the connection.
func (c *connOk) Close() { c.once.Do(func() { close(c.closed) }) }
