package contexts

import "context"

// A pump ends its own context in one case, and leaves by that in the next round.
type pump struct {
	in   chan int
	done chan struct{}
}

func (p *pump) runOk(use func(context.Context, int)) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for {
		select {
		case n := <-p.in:
			use(ctx, n)
		case <-ctx.Done():
			return
		case <-p.done:
			cancel()
		}
	}
}

func (p *pump) runBad(use func(context.Context, int)) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for {
		select { // want "only the case ctx.Done\\(\\) would end its loop, and the goroutine itself alone raises that, after the loop"
		case n := <-p.in:
			use(ctx, n)
		case <-ctx.Done():
			return
		case <-p.done:
			println("done")
		}
	}
}

func startPump(use func(context.Context, int)) *pump {
	p := &pump{in: make(chan int), done: make(chan struct{})}
	go p.runOk(use)
	go p.runBad(use)
	return p
}

func (p *pump) Close() { close(p.done) }
