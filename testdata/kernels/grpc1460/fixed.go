// Package grpc1460 is a fixed form: keepalive releases the lock before it
// waits, the wake-up is kept until it does, and Close ends the wait.
package grpc1460

import "sync"

type stream struct{}

type client struct {
	mu     sync.Mutex
	awaken chan struct{}
	closed chan struct{}
	active []*stream
}

func newClient() *client {
	return &client{awaken: make(chan struct{}, 1), closed: make(chan struct{})}
}

func (t *client) keepalive() {
	t.mu.Lock()
	idle := len(t.active) == 0
	t.mu.Unlock()
	if !idle {
		return
	}
	select {
	case <-t.awaken:
	case <-t.closed:
	}
}

func (t *client) newStream() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.active = append(t.active, &stream{})
	if len(t.active) == 1 {
		select {
		case t.awaken <- struct{}{}:
		default:
		}
	}
}

func (t *client) Close() { close(t.closed) }

// Run opens a stream on a client that is idle, and closes the client.
func Run() {
	t := newClient()
	go t.keepalive()
	go t.newStream()
	t.Close()
}
