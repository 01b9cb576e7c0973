// Package hugo3251 is a fixed form: the lock of the map is released before the
// lock of the address is taken.
package hugo3251

import "sync"

type remoteLock struct {
	sync.RWMutex
	m map[string]*sync.Mutex
}

func (l *remoteLock) lockURL(url string) {
	l.Lock()
	um, ok := l.m[url]
	if !ok {
		um = &sync.Mutex{}
		l.m[url] = um
	}
	l.Unlock()
	um.Lock()
}

func (l *remoteLock) unlockURL(url string) {
	l.RLock()
	defer l.RUnlock()
	if um, ok := l.m[url]; ok {
		um.Unlock()
	}
}

func get(l *remoteLock, url string) {
	l.lockURL(url)
	defer l.unlockURL(url)
}

// Run gets one address from many goroutines.
func Run() {
	l := &remoteLock{m: map[string]*sync.Mutex{}}
	var wg sync.WaitGroup
	for i := 0; i < 20; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := 0; j < 20; j++ {
				get(l, "http://example.com")
			}
		}()
	}
	wg.Wait()
}
