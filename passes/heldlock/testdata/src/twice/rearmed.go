package twice

import "sync"

type shelf struct {
	mu    sync.Mutex
	items []int
}

// drainOk gives the lock back through what runs a function once, and makes that anew
// whenever it has taken the lock.
func (s *shelf) drainOk(check func(int) bool) int {
	s.mu.Lock()
	give := new(sync.Once)
	defer give.Do(s.mu.Unlock)
	for len(s.items) > 0 {
		n := s.items[0]
		give.Do(s.mu.Unlock)
		if check(n) {
			return n
		}
		s.mu.Lock()
		*give = sync.Once{}
	}
	return 0
}

func run(f func()) { f() }

// runOk hands the unlock to a function that calls it.
func (s *shelf) runOk(n int) {
	for range n {
		s.mu.Lock()
		s.items = append(s.items, n)
		run(s.mu.Unlock)
	}
}

// fillBad hands over another unlock.
func (s *shelf) fillBad(other *sync.RWMutex, n int) {
	for range n {
		s.mu.Lock() // want "whoever gets here waits for itself: a round of the loop can end with s.mu held, and the next takes it again"
		s.items = append(s.items, n)
		other.Lock()
		run(other.Unlock)
	}
}
