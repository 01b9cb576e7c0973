package waits

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// An Answer is sent once: whoever sends it closes the channel behind it.
type Answer struct {
	errs chan error
	done bool
}

func NewAnswer() *Answer { return &Answer{errs: make(chan error, 1)} }

func (a *Answer) respond(err error) {
	if a.done {
		return
	}
	a.errs <- err
	close(a.errs)
	a.done = true
}

func (a *Answer) Wait() error { return <-a.errs }

func Answers(a *Answer, all []chan int) {
	go a.respond(nil) // WANT: ends
	go a.twice()      // WANT: stuck (abandoned at outside.go:45)
}

// A Twice sends a second value before it closes.
type Twice struct{ more chan error }

func NewTwice() *Twice { return &Twice{make(chan error, 1)} }

func (a *Answer) twice() {
	t := NewTwice()
	t.more <- nil
	t.more <- nil
	close(t.more)
}

// Outside code decides what these wait for.
func Outside(ctx context.Context, in, out chan int, c net.Conn) {
	go func() { out <- 1 }()    // WANT: ends, if out is received from
	go func() { <-in }()        // WANT: ends, if in is closed or sent on
	go func() { in <- <-out }() // WANT: ends, if in is received from and out is closed or sent on
	go func() { c.Read(nil) }() // WANT: ends, if c is closed
	go func() {                 // WANT: stops by ctx.Done(), if in is closed or sent on
		<-in
		<-ctx.Done()
	}()
	go func() { // WANT: ends, if in is closed
		for range in {
		}
	}()
}

// Search goes round as long as the data say so, and nothing in the loop waits for a
// stop.
func Search(next func(int) int) {
	go func() { // WANT: ends, if next returns and the loop at outside.go:70 ends
		n := 1
		for n != 0 {
			time.Sleep(time.Millisecond)
			n = next(n)
		}
	}()
}

// A Listener is stopped in two steps: it is told, and its socket is closed.
type Listener struct {
	ln   net.Listener
	mu   sync.Mutex
	shut chan struct{}
	told bool
}

func Listen(ln net.Listener) *Listener {
	l := &Listener{ln: ln, shut: make(chan struct{})}
	go l.accept() // WANT: stops by all of l.ln.Close, l.shut
	go l.loose()  // WANT: unknown (the loop at outside.go:109 ends when its data say so; it heeds l.ln.Close)
	return l
}

func (l *Listener) accept() {
	for {
		c, err := l.ln.Accept()
		if err != nil {
			select {
			case <-l.shut:
				return
			case <-time.After(time.Second):
			}
			continue
		}
		c.Close()
	}
}

// loose does not look at the channel after each failure.
func (l *Listener) loose() {
	for {
		c, err := l.ln.Accept()
		if err != nil {
			if errors.Is(err, errBusy) {
				continue
			}
			select {
			case <-l.shut:
				return
			case <-time.After(time.Second):
			}
			continue
		}
		c.Close()
	}
}

var errBusy = errors.New("busy")

func (l *Listener) Close() {
	close(l.shut)
	l.ln.Close()
}

func readAll(c net.Conn) error {
	r := bufio.NewReader(c)
	_, err := r.ReadByte()
	return err
}

func Deadlines(c net.Conn, d time.Duration, zero time.Time) {
	go func() { // WANT: ends
		c.SetDeadline(time.Now().Add(d))
		c.Read(nil)
	}()
	go func() { // WANT: ends
		c, _ := net.Dial("tcp", "host")
		c.SetDeadline(time.Now().Add(d))
		readAll(c)
	}()
	go func() { // WANT: ends, if c is closed
		c.SetWriteDeadline(time.Now().Add(d))
		readAll(c)
	}()
	go func() { // WANT: ends, if c is closed
		if d > 0 {
			c.SetDeadline(time.Now().Add(d))
		}
		readAll(c)
	}()
	go func() { // WANT: ends, if c is closed
		c.SetDeadline(zero)
		readAll(c)
	}()
}

// A Getter has a time limit, or none.
type Getter struct{ c, set, none *http.Client }

func NewGetter(d time.Duration) *Getter {
	return &Getter{&http.Client{Timeout: d}, &http.Client{Timeout: time.Second}, &http.Client{}}
}

func (g *Getter) Gets(r *http.Request) {
	go func() { g.c.Do(r) }()    // WANT: ends, if g.c.Timeout is set
	go func() { g.set.Do(r) }()  // WANT: ends
	go func() { g.none.Do(r) }() // WANT: ends, if the context of r ends
}
