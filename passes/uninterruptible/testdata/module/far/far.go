// Package far calls functions of another package with a context that they do not heed.
package far

import (
	"context"
	"sync"
	"time"

	"module/farlib"
)

func GoBad(ctx context.Context, url string) {
	go farlib.Fetch(ctx, url) // want `goroutine cannot stop in http.Get at farlib.go:15 in module/farlib.Fetch: ctx is given to the function, and does not end it`
}

func LiteralBad(p *farlib.Poller) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() {
		p.Run(ctx) // want `goroutine cannot stop in time.Sleep at farlib.go:\d+ in \(\*module/farlib.Poller\).Run: ctx is given to the function, and does not end it`
	})
}

func start(f func()) { go f() }

func WrapperBad(ctx context.Context, url string) {
	start(func() {
		if err := farlib.Fetch(ctx, url); err != nil { // want `goroutine cannot stop in http.Get at .*: ctx is given`
			println(err.Error())
		}
	})
}

func HeedsOk(ctx context.Context, url string) {
	go farlib.FetchWith(ctx, url)
	go farlib.Brief(ctx)
	go farlib.Last(ctx, url)
}

// Nobody asks this to stop.
func RootOk(url string) {
	go farlib.Fetch(context.Background(), url)
}

func AfterOk(ctx context.Context, url string) {
	go func() {
		<-ctx.Done()
		farlib.Fetch(context.WithoutCancel(ctx), url)
	}()
}

func CalledOk(ctx context.Context, url string) error { return farlib.Fetch(ctx, url) }

// A function of another package waits for a timer.
func RingBad(ctx context.Context) {
	t := time.NewTimer(time.Hour)
	go func() {
		farlib.Ring(t) // want `goroutine cannot stop while it waits for t.C in farlib.Ring: ctx does not end that, a select on both would`
		println(ctx.Err())
	}()
}

func UnheardBad() {
	quit := make(chan struct{})
	t := time.NewTimer(time.Hour)
	go farlib.Ring(t) // want `goroutine cannot stop while it waits in t.C in farlib.Ring, which can last 1h0m0s: quit is closed to stop it, and nothing receives from that`
	close(quit)
}

func RingShortOk(ctx context.Context) {
	t := time.NewTimer(time.Millisecond)
	go func() {
		farlib.Ring(t)
		println(ctx.Err())
	}()
}

func SnoozeOk() {
	quit := make(chan struct{})
	t := time.NewTimer(time.Hour)
	go farlib.Snooze(t)
	close(quit)
}

func ResetOk() {
	quit := make(chan struct{})
	t := time.NewTimer(time.Hour)
	go farlib.Ring(t)
	t.Reset(0)
	close(quit)
}
