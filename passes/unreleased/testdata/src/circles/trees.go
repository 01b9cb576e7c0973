package circles

import "sync"

type tree struct{ kids []*tree }

// Each call waits for goroutines of its own.
func WalkOk(n *tree) {
	var wg sync.WaitGroup
	for _, k := range n.kids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			WalkOk(k)
		}()
	}
	wg.Wait()
}

func (t *tree) CountOk() int {
	n := 1
	parts := make(chan int)
	for _, k := range t.kids {
		go func() { parts <- k.CountOk() }()
	}
	for range t.kids {
		n += <-parts
	}
	return n
}

func (t *tree) walkOk(wait func()) {
	var wg sync.WaitGroup
	for _, k := range t.kids {
		wg.Go(func() { k.walkOk(wait) })
	}
	wg.Wait()
	wait()
}

// This one is the same for all.
type walker struct{ wg sync.WaitGroup }

func (w *walker) WalkBad(n *tree) {
	for _, k := range n.kids {
		w.wg.Add(1)
		go func() {
			defer w.wg.Done()
			w.WalkBad(k)
		}()
	}
	w.wg.Wait() // want "waits for itself"
}
