package conds

import (
	"io"
	"sync"
)

// The flag is set, and who waits is not told.
func UntoldBad() {
	var mu sync.Mutex
	var over bool
	var jobs int
	c := sync.NewCond(&mu)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		for {
			for jobs == 0 && !over {
				c.Wait() // want `goroutine can wait for ever: UntoldBad sets the flag that would end this, and then nothing signals c`
			}
			if over {
				return
			}
			jobs--
		}
	}()
	defer func() {
		mu.Lock()
		over = true
		mu.Unlock()
	}()
	mu.Lock()
	jobs++
	mu.Unlock()
	c.Signal()
}

// Here a deferred call tells him.
func ToldLaterOk() {
	var mu sync.Mutex
	var over bool
	var jobs int
	c := sync.NewCond(&mu)
	defer c.Broadcast()
	go func() {
		mu.Lock()
		defer mu.Unlock()
		for jobs == 0 && !over {
			c.Wait()
		}
	}()
	mu.Lock()
	over = true
	mu.Unlock()
}

func untoldBad(mu *sync.Mutex, c *sync.Cond, over *bool, jobs *int) {
	mu.Lock()
	defer mu.Unlock()
	for *jobs == 0 && !*over {
		c.Wait() // want `goroutine can wait for ever: StartsUntold sets the flag that would end this, and then nothing signals c`
	}
}

func StartsUntold() {
	var mu sync.Mutex
	var over bool
	var jobs int
	c := sync.NewCond(&mu)
	go untoldBad(&mu, c, &over, &jobs)
	mu.Lock()
	jobs++
	c.Signal()
	mu.Unlock()
	mu.Lock()
	over = true
	mu.Unlock()
}

type list struct {
	mu    sync.Mutex
	cond  sync.Cond
	items []int
	over  bool
}

func newList() *list {
	l := &list{}
	l.cond.L = &l.mu
	return l
}

func (l *list) takeBad() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.items) == 0 && !l.over {
		l.cond.Wait() // want `whoever gets here can wait for ever: end sets the flag that would end this, and then nothing signals l.cond`
	}
	if l.over {
		return 0
	}
	return l.items[0]
}

func (l *list) put(x int) {
	l.mu.Lock()
	l.items = append(l.items, x)
	l.mu.Unlock()
	l.cond.Signal()
}

func (l *list) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
}

// UseList uses it.
func UseList() int {
	l := newList()
	l.put(1)
	defer l.end()
	return l.takeBad()
}

// Here the caller of what sets the flag tells him.
type told struct {
	mu    sync.Mutex
	cond  sync.Cond
	items []int
	over  bool
}

func (l *told) take() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.items) == 0 && !l.over {
		l.cond.Wait()
	}
}

func (l *told) put(x int) {
	l.mu.Lock()
	l.items = append(l.items, x)
	l.mu.Unlock()
	l.cond.Signal()
}

func (l *told) set() { l.over = true }

func (l *told) Close() {
	l.mu.Lock()
	l.set()
	l.mu.Unlock()
	l.cond.Broadcast()
}

// UseTold uses it.
func UseTold() {
	l := &told{}
	l.cond.L = &l.mu
	l.put(1)
	l.take()
	l.Close()
}

// Here who reads notices the close, and tells him.
type reader struct {
	mu   sync.Mutex
	cond sync.Cond
	in   io.ReadCloser
	got  int
	over bool
}

func (r *reader) read() {
	for {
		var buf [1]byte
		_, err := r.in.Read(buf[:])
		r.mu.Lock()
		r.got++
		r.mu.Unlock()
		r.cond.Signal()
		if err != nil {
			return
		}
	}
}

func (r *reader) wait() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.got == 0 && !r.over {
		r.cond.Wait()
	}
}

func (r *reader) Close() {
	r.mu.Lock()
	r.over = true
	r.mu.Unlock()
	r.in.Close()
}

// UseReader uses it.
func UseReader(in io.ReadCloser) {
	r := &reader{in: in}
	r.cond.L = &r.mu
	go r.read()
	defer r.Close()
	r.wait()
}

// Here somebody tells him now and then, whatever has changed.
type poked struct {
	mu   sync.Mutex
	cond sync.Cond
	n    int
	over bool
}

func (p *poked) wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.n == 0 && !p.over {
		p.cond.Wait()
	}
}

func (p *poked) poke() { p.cond.Broadcast() }

func (p *poked) end() {
	p.mu.Lock()
	p.over = true
	p.mu.Unlock()
}

// UsePoked uses it.
func UsePoked(ticks <-chan int) {
	p := &poked{}
	p.cond.L = &p.mu
	go func() {
		for range ticks {
			p.poke()
		}
	}()
	defer p.end()
	p.wait()
}

// Here the caller closes what somebody reads from, who tells him.
type closing struct{ reader }

func (c *closing) set() {
	c.mu.Lock()
	c.over = true
	c.mu.Unlock()
}

// UseClosing uses it.
func UseClosing(in io.ReadCloser) {
	r := &closing{reader{in: in}}
	r.cond.L = &r.mu
	go r.read()
	r.wait()
	r.set()
	r.in.Close()
}
