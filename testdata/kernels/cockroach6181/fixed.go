// Package cockroach6181 is a fixed form: the text is made by the function that
// expects the lock to be held.
package cockroach6181

import (
	"io"
	"sync"
)

type rangeCache struct {
	mu     sync.RWMutex
	ranges []string
}

func (rc *rangeCache) lookup() {
	rc.mu.RLock()
	io.WriteString(io.Discard, rc.stringLocked())
	rc.mu.RUnlock()
	rc.mu.Lock()
	defer rc.mu.Unlock()
	rc.ranges = append(rc.ranges, "r")
}

func (rc *rangeCache) String() string {
	rc.mu.RLock()
	defer rc.mu.RUnlock()
	return rc.stringLocked()
}

func (rc *rangeCache) stringLocked() string {
	s := ""
	for _, r := range rc.ranges {
		s += r
	}
	return s
}

// Run looks three ranges up side by side.
func Run() {
	rc := &rangeCache{}
	var wg sync.WaitGroup
	for i := 0; i < 3; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			rc.lookup()
		}()
	}
	wg.Wait()
}
