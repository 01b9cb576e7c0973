// Package rclone6c58e99 is after rclone 6c58e9976c41: a token is renewed at
// each expiry for ever, as the renewer has no way to end.
package rclone6c58e99

import "time"

type tokenSource struct{ expiry chan time.Time }

func (ts *tokenSource) onExpiry() <-chan time.Time { return ts.expiry }

func newTokenSource(d time.Duration) *tokenSource {
	ts := &tokenSource{expiry: make(chan time.Time, 1)}
	time.AfterFunc(d, func() {
		select {
		case ts.expiry <- time.Now():
		default:
		}
	})
	return ts
}

type renewBad struct {
	name string
	ts   *tokenSource
	run  func() error
}

// NewRenewBad keeps the token of a remote fresh.
func NewRenewBad(name string, d time.Duration, run func() error) *renewBad {
	r := &renewBad{name: name, ts: newTokenSource(d), run: run}
	go r.renewOnExpiry()
	return r
}

func (r *renewBad) renewOnExpiry() {
	expiry := r.ts.onExpiry()
	for {
		<-expiry
		if err := r.run(); err != nil {
			continue
		}
	}
}

type renewOk struct {
	name string
	ts   *tokenSource
	run  func() error
	done chan struct{}
}

// NewRenewOk keeps the token of a remote fresh until Shutdown.
func NewRenewOk(name string, d time.Duration, run func() error) *renewOk {
	r := &renewOk{name: name, ts: newTokenSource(d), run: run, done: make(chan struct{})}
	go r.renewOnExpiry()
	return r
}

func (r *renewOk) renewOnExpiry() {
	expiry := r.ts.onExpiry()
	for {
		select {
		case <-expiry:
		case <-r.done:
			return
		}
		if err := r.run(); err != nil {
			continue
		}
	}
}

// Shutdown ends the renewal.
func (r *renewOk) Shutdown() { close(r.done) }
