// Package farlib makes calls that last, for other packages.
package farlib

import (
	"context"
	"net/http"
	"time"
)

// Fetch looks at the context only before.
func Fetch(ctx context.Context, url string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// A Poller polls.
type Poller struct{ n int }

// Run sleeps for an hour between two looks at the context.
func (p *Poller) Run(ctx context.Context) {
	for ctx.Err() == nil {
		p.n++
		time.Sleep(time.Hour)
	}
}

// FetchWith ends with the context.
func FetchWith(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// Brief sleeps for a moment.
func Brief(ctx context.Context) {
	for ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
}

// Last says good-bye when the context has ended.
func Last(ctx context.Context, url string) {
	<-ctx.Done()
	http.Get(url)
}

// Ring waits for the timer.
func Ring(t *time.Timer) {
	defer t.Stop()
	<-t.C
	println("rings")
}

// Snooze sets the timer anew.
func Snooze(t *time.Timer) {
	<-t.C
	t.Reset(time.Minute)
}
