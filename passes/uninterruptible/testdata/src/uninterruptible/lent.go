package uninterruptible

import (
	"context"
	"net"
	"time"
)

// An observer has its context from elsewhere, and a Close that ends it in another way: to
// heed the context would not make Close work.
type observer struct {
	ctx  context.Context
	conn net.Conn
	n    int
}

func newObserver(ctx context.Context, conn net.Conn) *observer {
	o := &observer{ctx: ctx, conn: conn}
	go o.watchBad()
	return o
}

func (o *observer) Close() error { return o.conn.Close() }

func (o *observer) watchBad() {
	for o.n < 10 {
		o.n++
		time.Sleep(time.Minute) // want "goroutine cannot stop while it sleeps: o.ctx does not end time.Sleep"
	}
}

// A looker has a Close that cancels it.
type looker struct {
	ctx    context.Context
	cancel context.CancelFunc
	n      int
}

func newLooker(ctx context.Context) *looker {
	l := &looker{}
	l.ctx, l.cancel = context.WithCancel(ctx)
	go l.watchBad()
	return l
}

func (l *looker) Close() { l.cancel() }

func (l *looker) watchBad() {
	for l.n < 10 {
		l.n++
		time.Sleep(time.Minute) // want "goroutine cannot stop while it sleeps: l.ctx does not end time.Sleep"
	}
}
