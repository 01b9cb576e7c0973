package groups

import "sync"

// A press lends its condition variable and its group to the sheets.
type press struct {
	mu   sync.Mutex
	more *sync.Cond
	busy *sync.WaitGroup
	n    int
}

func newPress() *press {
	p := &press{}
	p.more = sync.NewCond(&p.mu)
	p.busy = new(sync.WaitGroup)
	return p
}

type sheet struct {
	press *press
	more  *sync.Cond
	busy  *sync.WaitGroup
}

func (p *press) sheet() *sheet {
	return &sheet{press: p, more: p.more, busy: p.busy}
}

func (p *press) print() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	p.more.Broadcast()
}

func (p *press) work(f func()) {
	p.busy.Add(1)
	defer p.busy.Done()
	f()
}

func (s *sheet) nextOk() int {
	s.press.mu.Lock()
	defer s.press.mu.Unlock()
	for s.press.n == 0 {
		s.more.Wait()
	}
	return s.press.n
}

func (s *sheet) idleOk() {
	s.busy.Wait()
}

// A card has a condition variable of its own.
type card struct {
	press *press
	more  *sync.Cond
}

func (p *press) card() *card {
	return &card{press: p, more: sync.NewCond(&p.mu)}
}

func (c *card) nextBad() int {
	c.press.mu.Lock()
	defer c.press.mu.Unlock()
	for c.press.n == 0 {
		c.more.Wait() // want "whoever gets here waits for ever: nothing signals c.more"
	}
	return c.press.n
}
