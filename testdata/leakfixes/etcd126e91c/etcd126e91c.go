// Package etcd126e91c is after etcd 126e91c449b7: a leasing client keeps the
// cancel function of its two loops, and nobody can call it.
package etcd126e91c

import (
	"context"
	"sync"
	"time"
)

type leasingBad struct {
	ctx     context.Context
	cancel  context.CancelFunc
	session func() error
}

// NewLeasingBad returns a leasing client.
func NewLeasingBad(session func() error) *leasingBad {
	l := &leasingBad{session: session}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	go l.monitorSession()
	go l.clearOldRevokes()
	return l
}

func (l *leasingBad) monitorSession() {
	for l.ctx.Err() == nil {
		if l.session() != nil {
			return
		}
	}
}

func (l *leasingBad) clearOldRevokes() {
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-time.After(time.Minute):
		}
	}
}

type leasingOk struct {
	ctx     context.Context
	cancel  context.CancelFunc
	wg      sync.WaitGroup
	session func() error
}

// NewLeasingOk returns a leasing client.
func NewLeasingOk(session func() error) *leasingOk {
	l := &leasingOk{session: session}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	l.wg.Add(2)
	go func() {
		defer l.wg.Done()
		l.monitorSession()
	}()
	go func() {
		defer l.wg.Done()
		l.clearOldRevokes()
	}()
	return l
}

func (l *leasingOk) monitorSession() {
	for l.ctx.Err() == nil {
		if l.session() != nil {
			return
		}
	}
}

func (l *leasingOk) clearOldRevokes() {
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-time.After(time.Minute):
		}
	}
}

// Close ends both loops.
func (l *leasingOk) Close() {
	l.cancel()
	l.wg.Wait()
}
