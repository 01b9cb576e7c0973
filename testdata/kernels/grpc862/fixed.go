// Package grpc862 is a fixed form: a dial that fails closes the connection
// that it had begun.
package grpc862

import (
	"context"
	"sync"
)

type clientConn struct {
	ctx    context.Context
	cancel context.CancelFunc
	mu     sync.Mutex
	conns  []*addrConn
}

type addrConn struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func (cc *clientConn) Close() {
	cc.cancel()
	cc.mu.Lock()
	conns := cc.conns
	cc.conns = nil
	cc.mu.Unlock()
	for _, ac := range conns {
		ac.tearDown()
	}
}

func (cc *clientConn) resetAddrConn() {
	ac := &addrConn{}
	ac.ctx, ac.cancel = context.WithCancel(cc.ctx)
	cc.mu.Lock()
	cc.conns = append(cc.conns, ac)
	cc.mu.Unlock()
	ac.resetTransport()
}

func (ac *addrConn) resetTransport() { <-ac.ctx.Done() }
func (ac *addrConn) tearDown()       { ac.cancel() }

func dial(ctx context.Context) (conn *clientConn, err error) {
	cc := &clientConn{}
	cc.ctx, cc.cancel = context.WithCancel(context.Background())
	defer func() {
		if err != nil {
			cc.Close()
		}
	}()
	go cc.resetAddrConn()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return cc, nil
}

// Run dials with a context that ends at about the same time.
func Run() {
	ctx, cancel := context.WithCancel(context.Background())
	go cancel()
	cc, err := dial(ctx)
	if err == nil {
		cc.Close()
	}
}
