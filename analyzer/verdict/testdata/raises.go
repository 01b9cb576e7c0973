package raises

import (
	"context"
	"time"
)

func work() bool { return time.Now().Unix() > 3 }

// raise.go

func Cancels() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { <-ctx.Done() }() // WANT: stops by ctx.Done()
	work()
}

func CancelsNever() {
	ctx, _ := context.WithCancel(context.Background())
	go func() { <-ctx.Done() }() // WANT: stuck (it waits for ctx.Done() at +0, whose context ends by a cancel function that nobody calls)
	work()
}

func CancelsOnOnePath() {
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-ctx.Done() }() // WANT: unknown (it waits for ctx.Done() at +0, which is not raised before the return at +2)
	if work() {
		return
	}
	cancel()
}

func Background() {
	ctx := context.Background()
	go func() { <-ctx.Done() }() // WANT: stuck (it waits for ctx.Done() at +0, whose context is never cancelled)
}

// A parent that ends does as well as the cancel function.
func Parent(ctx context.Context) {
	own, _ := context.WithCancel(ctx)
	go func() { <-own.Done() }() // WANT: stops by own.Done()
}

func WithoutParent(ctx context.Context) {
	own := context.WithoutCancel(ctx)
	go func() { <-own.Done() }() // WANT: stuck (it waits for own.Done() at +0, whose context is never cancelled)
}

func Timeout() {
	ctx, _ := context.WithTimeout(context.Background(), time.Second)
	go func() { <-ctx.Done() }() // WANT: stops by ctx.Done()
}

// A context instead of none is what the caller wants.
func InsteadOfNil(ctx context.Context) {
	if ctx == nil {
		ctx = context.Background()
	}
	go func() { <-ctx.Done() }() // WANT: stops by ctx.Done()
}

func InsteadOfOther(ctx context.Context, b bool) {
	if b {
		ctx = context.Background()
	}
	go func() { <-ctx.Done() }() // WANT: unknown (it waits for ctx.Done() at +0, whose context may be the one made at -2, which is never cancelled)
}

// The function has cancelled it itself.
func cancelledBefore(ctx context.Context) {
	own, cancel := context.WithCancel(ctx)
	cancel()
	<-own.Done()
}

func cancelledBehind() {
	own, cancel := context.WithCancel(context.Background())
	<-own.Done()
	cancel()
}

func CancelledBefore(ctx context.Context) {
	go cancelledBefore(ctx) // WANT: ends
	go cancelledBehind()    // WANT: stuck (it waits for own.Done() at -6, which only the goroutine itself raises)
}

// One context, asked in two ways, and one field, called by two names.
func OneStop(ctx context.Context) {
	go func() { // WANT: stops by ctx.Done()
		for ctx.Err() == nil {
			time.Sleep(time.Second)
		}
		<-ctx.Done()
	}()
}

type named struct{ quit chan struct{} }

func NewNamed() *named {
	n := &named{make(chan struct{})}
	go n.run() // WANT: stops by n.quit
	return n
}

func (n *named) run() {
	<-n.quit
	n.more()
}

func (other *named) more() { <-other.quit }

func (n *named) Close() { close(n.quit) }

// A close in a literal that is deferred, or called.
func InLiteral() {
	ch := make(chan struct{})
	defer func() {
		work()
		close(ch)
	}()
	go func() { <-ch }() // WANT: stops by ch
	work()
}

// FN_InLiteral: a literal that is deferred may leave the close out.
func FN_InLiteral() {
	ch := make(chan struct{})
	defer func() {
		if work() {
			close(ch)
		}
	}()
	go func() { <-ch }() // WANT: stops by ch
	work()
}

// Nobody calls who would close it.
type dead struct{ quit chan struct{} }

func StartDead() {
	d := &dead{make(chan struct{})}
	go d.run() // WANT: stuck (it waits for d.quit at +3, which only the goroutine itself raises)
}

func (d *dead) run() { <-d.quit }

func (d *dead) stop() { close(d.quit) }

// Others may call an exported method of what an exported function returns.
type handed struct{ quit chan struct{} }

func Start() *handed {
	d := &handed{make(chan struct{})}
	go d.run() // WANT: stops by d.quit
	return d
}

func (d *handed) run() { <-d.quit }

func (d *handed) Stop() { close(d.quit) }

// A goroutine raises it first of all, or after what does not end.
func RaisedFirst() {
	ch := make(chan struct{})
	go func() { // WANT: stuck (select{} at +2 waits for nothing)
		close(ch)
		select {}
	}()
	go func() { <-ch }() // WANT: stops by ch
}

func RaisedAfter() {
	ch, quit := make(chan struct{}), make(chan struct{})
	defer close(quit)
	go func() { // WANT: stops by quit
		<-quit
		close(ch)
	}()
	go func() { <-ch }() // WANT: stops by quit
}

func RaisedNever() {
	ch := make(chan struct{})
	go func() { // WANT: stuck (select{} at +1 waits for nothing)
		select {}
		close(ch)
	}()
	go func() { <-ch }() // WANT: stuck (it waits for ch at +0, which nothing closes or sends on)
}

// In a literal that the goroutine defers.
func DeferredInGoroutine() {
	ch, quit := make(chan struct{}), make(chan struct{})
	defer close(quit)
	go func() { // WANT: stops by quit
		defer func() { close(ch) }()
		<-quit
	}()
	go func() { <-ch }() // WANT: stops by quit
}

// Two that wait for each other.
func Circle() {
	a, b := make(chan struct{}), make(chan struct{})
	go func() { // WANT: unknown (it waits for a at +1, which a goroutine raises that is not shown to come to it)
		<-a
		close(b)
	}()
	go func() { // WANT: unknown (it waits for b at +1, which a goroutine raises that is not shown to come to it)
		<-b
		close(a)
	}()
}

// earlier.go

// The goroutine has closed it itself, by a method, before it comes to the wait.
type machine struct{ gone, kept chan struct{} }

func newMachine() *machine { return &machine{gone: make(chan struct{}), kept: make(chan struct{})} }

func (m *machine) leave() { close(m.gone) }

func (m *machine) drain() { <-m.gone }

func (m *machine) run() {
	m.leave()
	m.drain()
}

func Run() {
	m := newMachine()
	go m.run() // WANT: ends
}

// The close comes after the wait.
func (m *machine) keep() { close(m.kept) }

func (m *machine) stay() { <-m.kept }

func (m *machine) late() {
	m.stay()
	m.keep()
}

func RunLate() {
	m := newMachine()
	go m.late() // WANT: unknown (it waits for m.kept at -9, which only the goroutine itself raises)
}

// The close is on one path only.
type half struct {
	gone chan struct{}
	on   bool
}

func (m *half) leave() {
	if m.on {
		close(m.gone)
	}
}

func (m *half) drain() { <-m.gone }

func (m *half) run() {
	m.leave()
	m.drain()
}

func RunHalf(on bool) {
	m := &half{make(chan struct{}), on}
	go m.run() // WANT: unknown (it waits for m.gone at -9, which only the goroutine itself raises)
}

// The method that closes waits itself, before.
type eager struct{ gone chan struct{} }

func (m *eager) leave() {
	m.drain()
	close(m.gone)
}

func (m *eager) drain() { <-m.gone }

func (m *eager) run() {
	m.leave()
	m.drain()
}

func RunEager() {
	m := &eager{make(chan struct{})}
	go m.run() // WANT: unknown (it waits for m.gone at -9, which only the goroutine itself raises)
}

// It is closed for the object, and waited for on another.
type link struct {
	gone chan struct{}
	next *link
}

func (m *link) leave() { close(m.gone) }

func (m *link) drain() { <-m.next.gone }

func (m *link) run() {
	m.leave()
	m.drain()
}

func RunLink() {
	m := &link{gone: make(chan struct{})}
	m.next = m
	go m.run() // WANT: unknown (it waits for m.next.gone at -10, which only the goroutine itself raises)
}

// The close is that of another object.
type pair struct{ gone chan struct{} }

func (m *pair) leave() { close(m.gone) }

func (m *pair) drain() { <-m.gone }

func RunPair() {
	a, b := &pair{make(chan struct{})}, &pair{make(chan struct{})}
	go func() { // WANT: unknown (it waits for m.gone at -4, which only the goroutine itself raises)
		a.leave()
		b.drain()
	}()
}

// Nobody calls these in sight; where they run, they close, send and receive as well.
func unused() {
	ch := make(chan struct{})
	defer close(ch)
	go func() { <-ch }() // WANT: stops by ch
	work()
}

func unusedReceives() {
	ch := make(chan int)
	go func() { ch <- 1 }() // WANT: ends
	<-ch
}

func unusedSends() {
	ch := make(chan int)
	go func() { <-ch }() // WANT: unknown (it waits for ch at +0, and nothing shows that the send at +1 comes)
	ch <- 1
}

func unusedFlag() {
	off := false
	go func() { // WANT: stops by off
		for !off {
			time.Sleep(time.Second)
		}
	}()
	off = true
}
