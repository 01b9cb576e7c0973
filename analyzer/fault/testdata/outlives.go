package outlives

import (
	"context"
	"sync/atomic"
	"time"
)

func work() bool { return time.Now().Unix() > 3 }

// outlive.go: who receives leaves by a stop that is raised when the sender has ended.
type outlived struct {
	in, out chan int
	gone    chan struct{}
}

func NewOutlived(ctx context.Context) *outlived {
	o := &outlived{make(chan int), make(chan int), make(chan struct{})}
	go o.run(ctx) // WANT: unknown (it sends on o.out at +12, and nothing shows that the receive at +20 takes it; it heeds ctx.Done())
	go o.take()   // WANT: unknown (it waits for o.out at +18, and nothing shows that the send at +11 comes)
	return o
}

func (o *outlived) run(ctx context.Context) {
	defer close(o.gone)
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-o.in:
			o.out <- v
		}
	}
}

func (o *outlived) take() {
	for {
		select {
		case <-o.out:
			work()
		case <-o.gone:
			return
		}
	}
}

// It leaves by a stop that the sender of another object raises.
type others struct {
	in, out chan int
	gone    chan struct{}
	next    *others
}

func NewOthers(ctx context.Context) *others {
	o := &others{make(chan int), make(chan int), make(chan struct{}), nil}
	go o.run(ctx) // WANT: unknown (it sends on o.next.out at +12, and nothing shows that the receive at +20 takes it; it heeds ctx.Done())
	go o.take()   // WANT: unknown (it waits for o.out at +18, and nothing shows that the send at +11 comes)
	return o
}

func (o *others) run(ctx context.Context) {
	defer close(o.gone)
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-o.in:
			o.next.out <- v // WANT: half: send, heeds ctx, in reach of ctx.Done()
		}
	}
}

func (o *others) take() {
	for {
		select {
		case <-o.out:
			work()
		case <-o.gone:
			return
		}
	}
}

// It leaves by the same stop, perhaps before the sender.
type sooner struct {
	in, out chan int
}

func NewSooner(ctx context.Context) *sooner {
	o := &sooner{make(chan int), make(chan int)}
	go o.run(ctx)  // WANT: unknown (it sends on o.out at +11, and nothing shows that the receive at +19 takes it; it heeds ctx.Done())
	go o.take(ctx) // WANT: stops by ctx.Done()
	return o
}

func (o *sooner) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-o.in:
			o.out <- v // WANT: half: send, heeds ctx, in reach of ctx.Done()
		}
	}
}

func (o *sooner) take(ctx context.Context) {
	for {
		select {
		case <-o.out:
			work()
		case <-ctx.Done():
			return
		}
	}
}

// replies.go: one answer for each request, which all who ask receive.
type answers struct {
	ask chan int
	get chan int
}

func NewAnswers(ctx context.Context) *answers {
	a := &answers{make(chan int), make(chan int)}
	go a.run(ctx) // WANT: unknown (it sends on a.get at +10, and nothing shows that the receive at +17 takes it; it heeds ctx.Done())
	return a
}

func (a *answers) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-a.ask:
			a.get <- n
		}
	}
}

func (a *answers) Ask() int {
	a.ask <- 1
	return <-a.get
}

// One who asks may leave before the answer.
type impatient struct {
	ask chan int
	get chan int
}

func NewImpatient(ctx context.Context) *impatient {
	a := &impatient{make(chan int), make(chan int)}
	go a.run(ctx) // WANT: unknown (it sends on a.get at +10, and nothing shows that the receive at +20 takes it; it heeds ctx.Done())
	return a
}

func (a *impatient) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-a.ask:
			a.get <- n // WANT: half: send, heeds ctx, asked, in reach of ctx.Done()
		}
	}
}

func (a *impatient) Ask() int {
	a.ask <- 1
	if work() {
		return 0
	}
	return <-a.get
}

// nilled.go: the receiver leaves when it has found the channel closed, and set it to nil.
type nilled struct {
	in, out, more chan int
}

func NewNilled(ctx context.Context) *nilled {
	n := &nilled{make(chan int), make(chan int), make(chan int)}
	go n.run(ctx) // WANT: unknown (it sends on n.out at +13, and nothing shows that the receive at +27 takes it; it heeds ctx.Done())
	go n.take()   // WANT: unknown (it waits for out at +25, which a goroutine raises that is not shown to come to it)
	go n.give()   // WANT: unknown (it sends on n.more at +17, and nothing shows that the receive at +29 takes it)
	return n
}

func (n *nilled) run(ctx context.Context) {
	defer close(n.out)
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-n.in:
			n.out <- v
		}
	}
}

func (n *nilled) give() {
	n.more <- 1
	close(n.more)
}

func (n *nilled) take() {
	out, more := n.out, n.more
	for out != nil {
		select {
		case _, ok := <-out:
			if !ok {
				out = nil
			}
		case _, ok := <-more:
			if !ok {
				more = nil
			}
		}
	}
}

// It sets the channel to nil for another reason, too.
type bored struct {
	in, out chan int
}

func NewBored(ctx context.Context) *bored {
	n := &bored{make(chan int), make(chan int)}
	go n.run(ctx) // WANT: unknown (it sends on n.out at +12, and nothing shows that the receive at +21 takes it; it heeds ctx.Done())
	go n.take()   // WANT: ends, if the loop at +18 ends
	return n
}

func (n *bored) run(ctx context.Context) {
	defer close(n.out)
	for {
		select {
		case <-ctx.Done():
			return
		case v := <-n.in:
			n.out <- v // WANT: half: send, heeds ctx, in reach of ctx.Done()
		}
	}
}

func (n *bored) take() {
	out := n.out
	for out != nil {
		select {
		case _, ok := <-out:
			if !ok {
				out = nil
			}
		case <-time.After(time.Second):
			out = nil
		}
	}
}

// selfstop.go: the loop has raised its stop before.
type last struct {
	in, out chan int
	quit    chan struct{}
}

func NewLast() *last {
	l := &last{make(chan int), make(chan int), make(chan struct{})}
	go l.run() // WANT: stuck (it sends on l.out at +11, and nothing receives)
	return l
}

func (l *last) run() {
	for {
		select {
		case <-l.quit:
			return
		case v := <-l.in:
			close(l.quit)
			l.out <- v
		}
	}
}

func (l *last) Feed(v int) { l.in <- v }

// It raises its stop after that.
type late struct {
	in, out chan int
	quit    chan struct{}
}

func NewLate() *late {
	l := &late{make(chan int), make(chan int), make(chan struct{})}
	go l.run() // WANT: unknown (it sends on l.out at +10, and nothing shows that the receive at +19 takes it; it heeds l.quit)
	return l
}

func (l *late) run() {
	for {
		select {
		case <-l.quit:
			return
		case v := <-l.in:
			l.out <- v // WANT: half: send, heeds l.quit, in reach of l.quit
		}
	}
}

func (l *late) Feed(v int) { l.in <- v }

func (l *late) Get() int {
	select {
	case v := <-l.out:
		return v
	case <-time.After(time.Second):
		return 0
	}
}

func (l *late) Close() { close(l.quit) }

// flagged.go
type polls struct {
	off  atomic.Bool
	quit chan struct{}
}

func NewPolls(ctx context.Context) *polls {
	p := &polls{quit: make(chan struct{})}
	go p.run()     // WANT: stops by p.off.Load()
	go p.both(ctx) // WANT: stops by ctx.Err(), p.off.Load()
	return p
}

func (p *polls) run() {
	for !p.off.Load() { // WANT: flagged by p.off.Load()
		p.step() // WANT: flagged by p.off.Load()
	}
}

func (p *polls) step() { time.Sleep(time.Second) } // WANT: flagged by p.off.Load()

// both heeds another stop as well.
func (p *polls) both(ctx context.Context) {
	for !p.off.Load() && ctx.Err() == nil {
		time.Sleep(time.Second)
	}
}

func (p *polls) Close() { p.off.Store(true) }
