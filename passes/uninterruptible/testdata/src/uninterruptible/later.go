package uninterruptible

import (
	"context"
	"sync"
	"time"
)

// A stop that the goroutine makes itself, after the wait, is that of a later phase.

type phases struct{ stop chan struct{} }

func (p *phases) Connect(try func() bool) {
	go func() {
		for !try() {
			time.Sleep(time.Minute)
		}
		p.start()
	}()
}

func (p *phases) start() {
	p.stop = make(chan struct{})
	go func() { <-p.stop }()
}

func (p *phases) Close() { close(p.stop) }

// A pause that is worked out: what it is compared with on the way bounds it.

func short(most time.Duration) time.Duration {
	switch {
	case most <= time.Second:
		return 0
	case most >= 30*time.Second:
		return 100 * time.Millisecond
	default:
		return (most - time.Second) * 100 * time.Millisecond / (29 * time.Second)
	}
}

func long(most time.Duration) time.Duration {
	if most <= time.Second {
		return 0
	}
	return (most - time.Second) * 100 / 29
}

func PausesOk(ctx context.Context, most time.Duration, send func()) {
	go func() {
		for ctx.Err() == nil {
			send()
			time.Sleep(short(most))
		}
	}()
}

func PausesBad(ctx context.Context, most time.Duration, send func()) {
	go func() {
		for ctx.Err() == nil {
			send()
			time.Sleep(long(most)) // want `ctx does not end time.Sleep`
		}
	}()
}

// What follows the loop is done at the stop that its head heeds, and at the one here.
func RetryBad(ctx context.Context, wg *sync.WaitGroup, try func() bool) {
	wg.Add(1)
	go func() {
	out:
		for {
			select {
			case <-ctx.Done():
				break out
			default:
			}
			if try() {
				continue
			}
			time.Sleep(time.Hour) // want `ctx does not end time.Sleep`
		}
		try()
		wg.Done()
	}()
}

// Where more is done at the stop than to leave the loop, that would be left out.
func BatchBad(ctx context.Context, send func() bool, drop func()) {
	go func() {
	out:
		for {
			select {
			case <-ctx.Done():
				drop()
				break out
			default:
			}
			if send() {
				continue
			}
			time.Sleep(time.Hour) // want `ctx does not end time.Sleep`
		}
		send()
	}()
}
