package twice

import "sync"

type options struct {
	started func()
}

func (o *options) serve() {
	if o.started != nil {
		o.started()
	}
}

// The one who gets the method value gives the lock back.
func ValueOk() {
	var mu sync.Mutex
	o := &options{started: mu.Unlock}
	mu.Lock()
	go o.serve()
	mu.Lock()
}

func ValueBad() {
	var mu sync.Mutex
	o := &options{started: func() {}}
	mu.Lock()
	go o.serve()
	mu.Lock() // want "it holds mu already"
}

type daemon struct {
	lock sync.RWMutex
	up   bool
	work func()
}

func unlockOnce(l sync.Locker) func() {
	var once sync.Once
	return func() { once.Do(l.Unlock) }
}

func (d *daemon) running() bool {
	d.lock.RLock()
	defer d.lock.RUnlock()
	return d.up
}

// The closure gives the lock back before it is taken again.
func (d *daemon) ListenOk() {
	unlock := unlockOnce(&d.lock)
	d.lock.Lock()
	defer unlock()
	d.up = true
	unlock()
	for d.running() {
		d.work()
	}
}

type kept struct {
	lock sync.RWMutex
	up   bool
	work func()
}

func (d *kept) runningBad() bool {
	d.lock.RLock() // want "it holds d.lock already"
	defer d.lock.RUnlock()
	return d.up
}

func (d *kept) Listen() {
	d.lock.Lock()
	defer d.lock.Unlock()
	d.up = true
	for d.runningBad() {
		d.work()
	}
}
