package partners

import (
	"context"
	"time"
)

func work() bool { return time.Now().Unix() > 3 }

// partner.go

// Somebody takes all until the close.
type taken struct {
	in, out chan int
}

func NewTaken(ctx context.Context) *taken {
	t := &taken{make(chan int), make(chan int)}
	go t.run(ctx) // WANT: stops by ctx.Done()
	go t.take()   // WANT: stops by ctx.Done()
	return t
}

func (t *taken) run(ctx context.Context) {
	defer close(t.out)
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-t.in:
			t.out <- v
		}
	}
}

func (t *taken) take() {
	for range t.out {
		work()
	}
}

// The loop itself, or a goroutine of it, takes back a token.
type tokens struct {
	in     chan int
	tokens chan struct{}
}

func NewTokens(ctx context.Context) *tokens {
	t := &tokens{make(chan int), make(chan struct{}, 3)}
	go t.run(ctx) // WANT: unknown (it sends on t.tokens at +10, and nothing shows that the receive at +13 takes it; it heeds ctx.Done())
	return t
}

func (t *tokens) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.in:
			t.tokens <- struct{}{}
			go func() { // WANT: unknown (it waits for t.tokens at +2, which is not raised before the return at -3)
				work()
				<-t.tokens
			}()
		}
	}
}

// A goroutine of the loop receives.
type spawning struct{ in, out chan int }

func NewSpawning(ctx context.Context) *spawning {
	s := &spawning{make(chan int), make(chan int)}
	go s.run(ctx) // WANT: unknown (it sends on s.out at +16, and nothing shows that the receive at +14 takes it; it heeds ctx.Done())
	return s
}

func (s *spawning) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-s.in:
			go func() { // WANT: unknown (it waits for s.out at +4, which is not raised before the return at -2)
				if work() {
					return
				}
				<-s.out
			}()
			s.out <- v
		}
	}
}

func (s *spawning) Feed(v int) { s.in <- v }

// Others give tokens back.
type released struct {
	in     chan int
	tokens chan struct{}
}

func NewReleased(ctx context.Context) *released {
	t := &released{make(chan int), make(chan struct{}, 3)}
	go t.run(ctx) // WANT: unknown (it sends on t.tokens at +10, and nothing shows that the receive at +17 takes it; it heeds ctx.Done())
	return t
}

func (t *released) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.in:
			t.tokens <- struct{}{}
		}
	}
}

func (t *released) Feed(v int) { t.in <- v }

func (t *released) Release() { <-t.tokens }

// Code that was not read gets the channel, to receive from it.
type taker interface{ Take(<-chan int) }

type lent struct{ in, out chan int }

func NewLent(ctx context.Context, t taker) *lent {
	l := &lent{make(chan int), make(chan int)}
	t.Take(l.out)
	go l.run(ctx) // WANT: stops by ctx.Done(), if l.out is received from
	return l
}

func (l *lent) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-l.in:
			l.out <- v
		}
	}
}

func (l *lent) Feed(v int) { l.in <- v }

// Each message has its own channel.
type message struct{ reply chan int }

func Asks(in chan message) int {
	m := message{make(chan int)}
	in <- m
	if work() {
		return 0
	}
	return <-m.reply
}

func Serves(ctx context.Context, in chan message) {
	go func() { // WANT: unknown (it sends on m.reply at +6, and nothing shows that the receive at -4 takes it; it heeds ctx.Done())
		for {
			select {
			case <-ctx.Done():
				return
			case m := <-in:
				m.reply <- 1
			}
		}
	}()
}

// The receiver waits for this as its one stop.
type stopper struct {
	in   chan int
	stop chan struct{}
}

func NewStopper(ctx context.Context) *stopper {
	s := &stopper{make(chan int), make(chan struct{})}
	go s.run(ctx) // WANT: unknown (it sends on s.stop at +11, and nothing shows that the receive at +19 takes it; it heeds ctx.Done())
	go s.other()  // WANT: unknown (the loop at +16 ends by s.stop, and nothing shows that the send at +10 comes)
	return s
}

func (s *stopper) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.in:
			s.stop <- struct{}{}
		}
	}
}

func (s *stopper) other() {
	for {
		select {
		case <-s.stop:
			return
		case <-time.After(time.Second):
			work()
		}
	}
}

// It waits for another stop as well.
type twofold struct {
	in, more chan int
	stop     chan struct{}
}

func NewTwofold(ctx context.Context) *twofold {
	s := &twofold{make(chan int), make(chan int), make(chan struct{})}
	go s.run(ctx) // WANT: unknown (it sends on s.stop at +11, and nothing shows that the receive at +19 takes it; it heeds ctx.Done())
	go s.other()  // WANT: unknown (it waits for s.stop at +17, and nothing shows that the send at +10 comes)
	return s
}

func (s *twofold) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.in:
			s.stop <- struct{}{}
		}
	}
}

func (s *twofold) other() {
	for {
		select {
		case <-s.stop:
			work()
		case <-s.more:
			return
		}
	}
}

func (s *twofold) Feed(v int) {
	s.in <- v
	s.more <- v
}
