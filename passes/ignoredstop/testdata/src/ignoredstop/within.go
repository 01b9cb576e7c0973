package ignoredstop

import "context"

// A receive that is part of a larger statement comes before it.

type adder struct {
	starts chan int
	items  chan int
	sum    int
}

func newAdder(ctx context.Context) *adder {
	a := &adder{starts: make(chan int), items: make(chan int)}
	go a.runBad(ctx)
	go a.showBad(ctx, func(int, int) {})
	go a.mixBad(ctx, func(int, int) {})
	a.starts <- 1
	a.items <- 1
	return a
}

func (a *adder) runBad(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-a.starts:
			for range n {
				a.sum += <-a.items // want `does not stop while it waits for`
			}
		}
	}
}

func (a *adder) showBad(ctx context.Context, show func(int, int)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.starts:
			show(a.sum, <-a.items) // want `does not stop while it waits for`
		}
	}
}

// The other call comes first, so the statement stays as it is.
func (a *adder) mixBad(ctx context.Context, show func(int, int)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.starts:
			show(a.next(), <-a.items) // want `does not stop while it waits for`
		}
	}
}

func (a *adder) next() int { return a.sum + 1 }
