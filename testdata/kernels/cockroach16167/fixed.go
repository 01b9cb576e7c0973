// Package cockroach16167 is a fixed form: the read lock is not held while the
// statement runs, which takes it again.
package cockroach16167

import "sync"

type executor struct {
	cond    *sync.Cond
	mu      sync.RWMutex
	version int
}

func newExecutor() *executor {
	e := &executor{}
	e.cond = sync.NewCond(e.mu.RLocker())
	return e
}

func (e *executor) execParsed() int {
	e.cond.L.Lock()
	ready := e.version >= 0
	e.cond.L.Unlock()
	if !ready {
		return 0
	}
	return e.databaseCache()
}

func (e *executor) databaseCache() int {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.version
}

func (e *executor) updateSystemConfig() {
	e.mu.Lock()
	e.version++
	e.mu.Unlock()
	e.cond.Broadcast()
}

// Run executes a statement while the configuration changes.
func Run() {
	e := newExecutor()
	go e.updateSystemConfig()
	e.execParsed()
}
