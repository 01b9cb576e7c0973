package halves

import (
	"context"
	"time"
)

func work() bool { return time.Now().Unix() > 3 }

// half.go

// One wait of the loop heeds the stop, the other does not.
type worker struct {
	in, out chan int
}

func NewWorker(ctx context.Context) *worker {
	w := &worker{make(chan int), make(chan int)}
	go w.run(ctx)      // WANT: unknown (it sends on w.out at +15, and nothing shows that the receive at +90 takes it; it heeds ctx.Done())
	go w.good(ctx)     // WANT: stops by ctx.Done()
	go w.calls(ctx)    // WANT: unknown (it sends on w.out at +33, and nothing shows that the receive at +88 takes it; it heeds ctx.Done())
	go w.selects(ctx)  // WANT: unknown (it waits for w.out at +51, and nothing shows that somebody does; it heeds ctx.Done())
	go w.receives(ctx) // WANT: unknown (it waits for w.in at +65, and nothing shows that the send at +82 comes; it heeds ctx.Done())
	go w.tail(ctx)     // WANT: unknown (it sends on w.out at +75, and nothing shows that the receive at +85 takes it; it heeds ctx.Done())
	return w
}

func (w *worker) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-w.in:
			w.out <- v // WANT: half: send, heeds ctx, in reach of ctx.Done()
		}
	}
}

func (w *worker) good(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-w.in:
			select {
			case w.out <- v:
			case <-ctx.Done():
				return
			}
		}
	}
}

func (w *worker) put(v int) { w.out <- v } // WANT: half: send, heeds ctx, of a caller

func (w *worker) calls(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-w.in:
			w.put(v)
		}
	}
}

func (w *worker) selects(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-w.in:
			select { // WANT: half: select, heeds ctx, in reach of ctx.Done()
			case w.out <- v:
			case <-w.in:
			}
		}
	}
}

func (w *worker) receives(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		default:
		}
		<-w.in // WANT: half: receive, heeds ctx, in reach of ctx.Done()
	}
}

func (w *worker) tail(ctx context.Context) {
loop:
	for {
		select {
		case <-ctx.Done():
			break loop
		case v := <-w.in:
			w.out <- v // WANT: half: send, heeds ctx, tail, in reach of ctx.Done()
		}
	}
	work()
}

func (w *worker) Feed(v int) { w.in <- v }

func (w *worker) Get() int {
	select {
	case v := <-w.out:
		return v
	case <-time.After(time.Second):
		return 0
	}
}

// Marks of a half: a hook, a room that is no constant, a generator.
type marked struct {
	in, hook, room chan int
}

func NewMarked(ctx context.Context, n int) *marked {
	m := &marked{in: make(chan int), room: make(chan int, n)}
	go m.run(ctx) // WANT: unknown (it sends on m.room at +13, and nothing shows that the receive at +22 takes it; it heeds ctx.Done())
	return m
}

func (m *marked) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-m.in:
			if m.hook != nil {
				m.hook <- v // WANT: half: send, heeds ctx, hook, in reach of ctx.Done()
			}
			m.room <- v // WANT: half: send, heeds ctx, room, in reach of ctx.Done()
		}
	}
}

func (m *marked) Hook(ch chan int) { m.hook = ch }

func (m *marked) Get() int {
	select {
	case v := <-m.room:
		return v
	default:
		return 0
	}
}

func Generates(ctx context.Context) <-chan int {
	out := make(chan int)
	go generate(ctx, out) // WANT: stops by ctx.Err(), if out is received from
	return out
}

func generate(ctx context.Context, out chan int) {
	defer close(out)
	for ctx.Err() == nil {
		out <- 1 // WANT: half: send, heeds ctx, in reach of ctx.Done()
	}
}

// A generator that is started apart from where its channel is returned.
type generator struct{ out chan int }

func NewGenerator() *generator { return &generator{make(chan int)} }

func (g *generator) Start(ctx context.Context) {
	go func() { // WANT: stops by ctx.Err(), if g.out is received from
		defer close(g.out)
		for ctx.Err() == nil {
			g.out <- 1 // WANT: half: send, heeds ctx, taken, in reach of ctx.Done()
		}
	}()
}

func (g *generator) Out() <-chan int { return g.out }
