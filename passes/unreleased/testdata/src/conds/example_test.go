package conds

import "sync"

// An example without output is shown, but never run.
func Example_waitOk() {
	var never struct{ changed *sync.Cond }
	never.changed = sync.NewCond(new(sync.Mutex))
	never.changed.L.Lock()
	never.changed.Wait()
	never.changed.L.Unlock()
}
