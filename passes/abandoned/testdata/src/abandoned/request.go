package abandoned

import (
	"context"
	"time"
)

// A request says by a field which of two it is: one gives up waiting for its answer, the
// other does not.

type tunnel struct {
	write bool
	res   chan int
}

type tunnels struct {
	requests chan tunnel
	ctx      context.Context
	open     int
}

func startTunnelsOk(ctx context.Context) *tunnels {
	t := &tunnels{requests: make(chan tunnel), ctx: ctx}
	go t.run()
	return t
}

func (t *tunnels) run() {
	for {
		select {
		case q := <-t.requests:
			if !q.write {
				t.open++
			} else {
				q.res <- t.open
			}
		case <-t.ctx.Done():
			return
		}
	}
}

func (t *tunnels) ask(q tunnel) int {
	q.res = make(chan int)
	select {
	case t.requests <- q:
	case <-t.ctx.Done():
		return 0
	}
	if !q.write {
		timeout := time.After(time.Second)
		select {
		case n := <-q.res:
			return n
		case <-timeout:
			return 0
		}
	}
	return <-q.res
}

// The channel goes to who receives, and into one request: each has room for its answer.

type stream struct {
	first chan int
	stop  context.CancelFunc
}

type streams struct {
	opened chan stream
	n      int
}

func startStreamsOk(ctx context.Context) *streams {
	s := &streams{opened: make(chan stream)}
	go s.loop(ctx)
	return s
}

func (s *streams) loop(ctx context.Context) {
	for {
		select {
		case o := <-s.opened:
			if s.n > 9 {
				o.stop()
				continue
			}
			o.first <- s.n
		case <-ctx.Done():
			return
		}
	}
}

func (s *streams) open(ctx context.Context, use func(int)) {
	first := make(chan int, 1)
	sub, cancel := context.WithCancel(ctx)
	go firstOf(sub, first, use)
	select {
	case s.opened <- stream{first: first, stop: cancel}:
	case <-ctx.Done():
		cancel()
	}
}

func firstOf(ctx context.Context, first chan int, use func(int)) {
	select {
	case n := <-first:
		use(n)
	case <-ctx.Done():
	}
}
