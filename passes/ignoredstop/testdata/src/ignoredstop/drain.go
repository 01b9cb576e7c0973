package ignoredstop

import "context"

type drained struct {
	ctx    context.Context
	cancel context.CancelFunc
	in     chan int
}

func (d *drained) start() {
	d.ctx, d.cancel = context.WithCancel(context.Background())
	go d.serve()
}

// The context says that there is no new work for now, and is another afterwards.
func (d *drained) serve() {
	for {
		v := <-d.in
		if d.ctx.Err() == nil {
			println(v)
		}
	}
}

func (d *drained) drain() { d.cancel() }

func (d *drained) undrain() {
	if d.ctx.Err() != nil {
		d.ctx, d.cancel = context.WithCancel(context.Background())
	}
}

func check(d *drained, busy func() bool) {
	if busy() {
		d.drain()
	} else {
		d.undrain()
	}
}

type restarted struct {
	ctx    context.Context
	cancel context.CancelFunc
	in     chan int
}

func (r *restarted) start() {
	r.ctx, r.cancel = context.WithCancel(context.Background())
	go r.serveBad()
}

func (r *restarted) restart() {
	r.cancel()
	r.ctx, r.cancel = context.WithCancel(context.Background())
	go r.serveBad()
}

func (r *restarted) serveBad() {
	for { // want `the loop has no exit, and r.ctx is in reach`
		v := <-r.in
		if r.ctx.Err() == nil {
			println(v)
		}
	}
}

func (r *restarted) close() { r.cancel() }

func Start(busy func() bool) {
	d, r := &drained{in: make(chan int)}, &restarted{in: make(chan int)}
	d.start()
	check(d, busy)
	r.start()
	r.restart()
	r.close()
}
