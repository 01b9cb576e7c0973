// Package cockroach7504 is a fixed form: the name cache is left before the
// lease's lock is taken, so the two locks are never nested in that order.
package cockroach7504

import "sync"

type lease struct {
	mu   sync.Mutex
	id   int
	refs int
}

type leaseSet struct{ data []*lease }

func (l *leaseSet) remove(s *lease) {
	for i := range l.data {
		if l.data[i] == s {
			l.data = append(l.data[:i], l.data[i+1:]...)
			return
		}
	}
}

type tableState struct {
	cache  *nameCache
	mu     sync.Mutex
	active *leaseSet
}

func (t *tableState) release(l *lease) {
	t.mu.Lock()
	defer t.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refs--
	t.active.remove(l)
	t.cache.remove(l)
}

type nameCache struct {
	mu     sync.Mutex
	tables map[int]*lease
}

func (c *nameCache) find(id int) *lease {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tables[id]
}

func (c *nameCache) get(id int) {
	l := c.find(id)
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refs++
}

func (c *nameCache) remove(l *lease) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tables[l.id] == l {
		delete(c.tables, l.id)
	}
}

// Run acquires and releases a lease side by side.
func Run() {
	set := &leaseSet{}
	nc := &nameCache{tables: map[int]*lease{}}
	for i := 0; i < 2; i++ {
		l := &lease{id: i}
		set.data = append(set.data, l)
		nc.tables[i] = l
	}
	ts := &tableState{cache: nc, active: set}
	first := set.data[0]
	go nc.get(0)
	go ts.release(first)
}
