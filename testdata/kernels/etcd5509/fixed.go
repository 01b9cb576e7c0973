// Package etcd5509 is a fixed form: the read lock is released on the failure
// path too.
package etcd5509

import (
	"context"
	"errors"
	"sync"
)

var errClosed = errors.New("connection closed")

type client struct {
	mu     sync.RWMutex
	cancel context.CancelFunc
}

func (c *client) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cancel == nil {
		return
	}
	c.cancel()
	c.cancel = nil
}

type remoteClient struct {
	client *client
	mu     sync.Mutex
	tries  int
}

func (r *remoteClient) acquire(ctx context.Context) error {
	for ctx.Err() == nil {
		r.client.mu.RLock()
		closed := r.client.cancel == nil
		r.client.mu.RUnlock()
		r.mu.Lock()
		r.tries++
		r.mu.Unlock()
		if closed {
			return errClosed
		}
	}
	return ctx.Err()
}

// Run gets a key from a client that is closed meanwhile.
func Run() {
	ctx, cancel := context.WithCancel(context.Background())
	c := &client{cancel: cancel}
	r := &remoteClient{client: c}
	donec := make(chan struct{})
	go func() {
		defer close(donec)
		r.acquire(ctx)
	}()
	c.Close()
	<-donec
}
