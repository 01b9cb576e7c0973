package uninterruptible

import "time"

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
