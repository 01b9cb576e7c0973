// Package istio18454 is a fixed form: OnChange gives up when the worker has
// ended, and a stopped timer is drained only if there is something to drain.
package istio18454

import (
	"context"
	"sync"
	"time"
)

const eventChCap = 1024

type worker struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func newWorker() *worker {
	w := &worker{}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	return w
}

func (w *worker) start(setup func(), run func(context.Context)) {
	if setup != nil {
		setup()
	}
	go func() { run(w.ctx) }()
}

func (w *worker) Stop() { w.cancel() }

type strategy struct {
	timer     *time.Timer
	frequency time.Duration
	lock      sync.Mutex
	resetChan chan struct{}
	worker    *worker
}

func (s *strategy) onChange() {
	s.lock.Lock()
	if s.timer == nil {
		s.startTimer()
		s.lock.Unlock()
		return
	}
	s.lock.Unlock()
	select {
	case s.resetChan <- struct{}{}:
	case <-s.worker.ctx.Done():
	}
}

func (s *strategy) startTimer() {
	timer := time.NewTimer(s.frequency)
	s.timer = timer
	s.worker.start(nil, func(ctx context.Context) {
		defer timer.Stop()
		for {
			select {
			case <-timer.C:
			case <-s.resetChan:
				if !timer.Stop() {
					select {
					case <-timer.C:
					default:
					}
				}
				timer.Reset(s.frequency)
			case <-ctx.Done():
				return
			}
		}
	})
}

func (s *strategy) Close() { s.worker.Stop() }

type processor struct {
	strategy *strategy
	worker   *worker
	eventCh  chan int
}

func (p *processor) start() {
	setup := func() {
		for i := 0; i < eventChCap; i++ {
			p.eventCh <- i
		}
	}
	run := func(ctx context.Context) {
		defer p.strategy.Close()
		for {
			select {
			case <-ctx.Done():
				return
			case <-p.eventCh:
				p.strategy.onChange()
			}
		}
	}
	p.worker.start(setup, run)
}

func (p *processor) Stop() { p.worker.Stop() }

// Run starts a processor and stops it.
func Run() {
	s := &strategy{frequency: time.Nanosecond, resetChan: make(chan struct{}, 1), worker: newWorker()}
	p := &processor{strategy: s, worker: newWorker(), eventCh: make(chan int, eventChCap)}
	p.start()
	defer p.Stop()
}
