package syncwait

import "sync"

type plugin struct {
	wait *sync.Cond
	on   bool
}

func newPlugin() *plugin { return &plugin{wait: sync.NewCond(&sync.Mutex{})} }

func (p *plugin) WaitBad() {
	p.wait.L.Lock()
	for !p.on {
		p.wait.Wait() // want ".* waits for ever: nothing signals p.wait"
	}
	p.wait.L.Unlock()
}

type door struct {
	mu   sync.Mutex
	cond sync.Cond
	open bool
}

func newDoor() *door {
	d := &door{}
	d.cond.L = &d.mu
	return d
}

func (d *door) WaitOk() {
	d.mu.Lock()
	for !d.open {
		d.cond.Wait()
	}
	d.mu.Unlock()
}

func (d *door) Open() {
	d.mu.Lock()
	d.open = true
	d.cond.Broadcast()
	d.mu.Unlock()
}

// Somebody else may signal it.
func CondOk(c *sync.Cond) {
	c.L.Lock()
	c.Wait()
	c.L.Unlock()
}

func RoundsBad(work []func()) {
	var wg sync.WaitGroup
	wg.Add(len(work))
	for _, f := range work {
		go func() {
			defer wg.Done()
			f()
		}()
		wg.Wait() // want ".* the wait is inside it"
	}
}

func RoundsOk(work []func()) {
	var wg sync.WaitGroup
	for _, f := range work {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f()
		}()
		wg.Wait()
	}
}

func NobodyBad(f func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go f()
	wg.Wait() // want ".* nothing calls Done on wg"
}

func HandedOverOk(f func(*sync.WaitGroup)) {
	var wg sync.WaitGroup
	wg.Add(1)
	go f(&wg)
	wg.Wait()
}

func SkippedBad(try func() error) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if try() != nil {
			return
		}
		wg.Done()
	}()
	wg.Wait() // want ".* can return without wg.Done"
}

func SkippedOk(try func() error) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		if try() != nil {
			return
		}
	}()
	wg.Wait()
}

// Each Done is for an item, not for the goroutine.
func ItemsOk(items chan int, f func(int)) {
	var wg sync.WaitGroup
	go func() {
		for v := range items {
			f(v)
			wg.Done()
		}
	}()
	wg.Add(3)
	wg.Wait()
}
