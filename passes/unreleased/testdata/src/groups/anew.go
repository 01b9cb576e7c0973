package groups

import "sync"

// The second group counts nothing of the first, one more of which is left.
func AnewOk(f, g func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() { f(); wg.Done() }()
	wg = sync.WaitGroup{}
	wg.Add(1)
	go func() { g(); wg.Done() }()
	wg.Wait()
}

func OnceBad(f, g func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() { f(); wg.Done() }()
	wg.Add(1)
	go func() { g(); wg.Done() }()
	wg.Wait() // want `wg counts 1 more than there are calls of Done`
}
