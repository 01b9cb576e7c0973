package kept

import "sync"

// The stop is stored under a lock that the goroutine takes, and the lock is kept.

func EarlyBad() {
	var mu sync.Mutex
	var over bool
	go func() {
		for {
			mu.Lock()
			if over {
				mu.Unlock()
				return
			}
			mu.Unlock()
		}
	}()
	mu.Lock()
	over = true
} // want "it returns here with mu still held"

type turning struct {
	mu   sync.Mutex
	over bool
}

func (t *turning) run() {
	for {
		t.mu.Lock()
		if t.over {
			t.mu.Unlock()
			return
		}
		t.mu.Unlock()
	}
}

func TurningBad() {
	t := &turning{}
	go t.run()
	t.mu.Lock()
	t.over = true
} // want "it returns here with t.mu still held"

// The goroutine is that of another object.
type lone struct {
	mu sync.Mutex
	n  int
}

func (l *lone) run() {
	l.mu.Lock()
	l.n++
	l.mu.Unlock()
}

func LoneOk(other *lone) *lone {
	l := &lone{}
	go other.run()
	l.mu.Lock()
	l.n = 1
	return l
}

// The goroutine gives it back.
func HandedOk(work func()) {
	var mu sync.Mutex
	mu.Lock()
	go func() {
		defer mu.Unlock()
		work()
	}()
	mu.Lock()
}

// It is shut until somebody calls Open.
type gated struct {
	mu sync.Mutex
	n  int
}

// NewGated returns one that is shut.
func NewGated() *gated {
	g := &gated{}
	go g.run()
	g.mu.Lock()
	return g
}

func (g *gated) run() {
	g.mu.Lock()
	g.n++
	g.mu.Unlock()
}

// Open opens it.
func (g *gated) Open() { g.mu.Unlock() }

// What is set once has been something else before.
func SetOnceOk() {
	var mu sync.Mutex
	var over bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		mu.Lock()
		if over {
			mu.Unlock()
			return
		}
		mu.Unlock()
	}()
	mu.Lock()
	over = true
	mu.Unlock()
	<-done
}
