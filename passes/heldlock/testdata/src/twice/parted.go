package twice

import "sync"

// What takes the lock first and then does its work is called for its work alone.
type board struct {
	mu    sync.RWMutex
	names map[string][]int
}

// listBad returns the numbers of a name.
func (b *board) listBad(name string, more ...int) []int {
	b.mu.Lock()         // want "it holds b.mu already"
	defer b.mu.Unlock() // until the copy is made

	// The caller may keep the numbers.
	return append(append([]int(nil), b.names[name]...), more...)
}

func (b *board) Add(name string, id int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.names == nil {
		return
	}
	for _, old := range b.listBad(name) {
		if old == id {
			return
		}
	}
	b.names[name] = append(b.names[name], id)
}

func (b *board) CountOk(name string) int {
	b.mu.Lock()
	closed := b.names == nil
	b.mu.Unlock()
	if closed {
		return 0
	}
	return len(b.listBad(name))
}

// Who reads must not write.
func (b *board) dropBad(name string) {
	b.mu.Lock() // want "it holds b.mu already"
	defer b.mu.Unlock()
	delete(b.names, name)
}

func (b *board) Prune(names []string) int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, name := range names {
		if len(b.names[name]) == 0 {
			b.dropBad(name)
		}
	}
	return len(b.names)
}

// The work gives the lock back for a while.
func (b *board) flushBad(out func([]int)) {
	b.mu.Lock() // want "it holds b.mu already"
	defer b.mu.Unlock()
	for _, ids := range b.names {
		b.mu.Unlock()
		out(ids)
		b.mu.Lock()
	}
}

func (b *board) Flush(out func([]int)) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.flushBad(out)
	n := len(b.names)
	return n
}

var (
	allMu sync.Mutex
	all   []*board
)

func countBad() (n int) {
	allMu.Lock() // want "it holds allMu already"
	defer allMu.Unlock()
	n = len(all)
	return
}

func Register(b *board) {
	allMu.Lock()
	if countBad() > 10 {
		allMu.Unlock()
		return
	}
	all = append(all, b)
	allMu.Unlock()
}

// All who call what calls it hold the lock.
func (b *board) sizeBad(name string) int {
	b.mu.RLock() // want "for reading already"
	defer b.mu.RUnlock()
	return len(b.names[name])
}

func (b *board) total(names ...string) (n int) {
	for _, name := range names {
		n += b.sizeBad(name)
	}
	return n
}

func (b *board) Total(name string) int {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.total(name, "")
}

// Only some do.
func (b *board) hasBad(name string) bool {
	b.mu.RLock() // want "for reading already"
	defer b.mu.RUnlock()
	return b.names[name] != nil
}

func (b *board) any(names ...string) bool {
	for _, name := range names {
		if b.hasBad(name) {
			return true
		}
	}
	return false
}

func (b *board) Any(name string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.any(name, "")
}

func (b *board) AnyOk(name string) bool {
	return b.any(name)
}
