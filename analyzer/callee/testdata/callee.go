package p

import (
	"bufio"
	"context"
	"sync"
	"time"
)

func Named(n int) { // WANT: calls named
	named(n)                // WANT: named(n), named, with these arguments, is told
	defer named(n + 1)      // WANT: named(n + 1), named, with these arguments, is told
	go named(2)             // what a goroutine runs is no call
	time.Sleep(time.Second) // WANT: time.Sleep(time.Second), row bounded, is told
}

func named(int) {}

// What a function is given its caller decides.
func Given(f func()) { f() } // WANT: f(), what is given for f, with these arguments

func Once(once *sync.Once) { once.Do(func() { named(0) }) } // WANT: calls Once$1; once.Do(), Once$1, row callback; calls named; named(0), named, with these arguments, is told

func OnceGiven(once *sync.Once, f func()) { once.Do(f) } // WANT: once.Do(f), row callback, what is given for f

// A variable that is set here and there may hold what nobody has read.
type hooks struct{ before, other func() }

func (h *hooks) Run() { // WANT: calls own
	h.before() // WANT: h.before(), own, with these arguments
	h.other()  // WANT: h.other(), not read, with these arguments
}

func New(other func()) *hooks { return &hooks{before: own, other: other} }

func own() {}

// A cancel function does not wait.
func Cancel(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx) // WANT: context.WithCancel(ctx), row derives
	cancel()                               // WANT: cancel(), with these arguments
	<-ctx.Done()                           // WANT: ctx.Done(), row stop-signal
}

type doer interface{ do(n int) }

type one struct{}

func (one) do(int) {}

type two struct{}

func (*two) do(int) {}

func Both(pick bool) { // WANT: calls (one).do, (*two).do
	var d doer = one{}
	if pick {
		d = new(two)
	}
	d.do(1) // WANT: d.do(1), (one).do, (*two).do, with these arguments, is told
}

// Outer is for others to implement.
type Outer interface {
	Name() string
	Run(ctx context.Context) error
	Len(n int) int
}

func Foreign(o Outer, r *bufio.Reader) {
	o.Name()                        // WANT: o.Name(), returns by custom, with these arguments, is told
	o.Len(3)                        // WANT: o.Len(3), returns by custom, with these arguments, is told
	_ = o.Run(context.Background()) // WANT: o.Run(context.Background()), not read, with these arguments; context.Background(), row derives
	r.ReadByte()                    // WANT: r.ReadByte(), row passes
}

func Even(n int) bool { return n == 0 || odd(n-1) } // WANT: calls odd; and so itself; odd(n - 1), odd, with these arguments, is told

func odd(n int) bool { return n != 0 && Even(n-1) } // WANT: calls Even; and so itself; Even(n - 1), Even, with these arguments, is told

func generic[T any](v T) T { return v }

func Instance() int { return generic(1) } // WANT: calls generic; generic(1), generic, with these arguments, is told
