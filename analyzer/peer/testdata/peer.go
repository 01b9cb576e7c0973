package p

import (
	"context"
	"os"
	"sync"
	"time"
)

func try() error { return os.Chdir("/") }

// The function that starts it can return without a raise.
func bySpawner() error {
	done := make(chan struct{})
	go func() {
		<-done // WANT: the spawner leaves
	}()
	if err := try(); err != nil {
		return err
	}
	close(done)
	return nil
}

func bySpawnerAlways() error {
	done := make(chan struct{})
	go func() {
		<-done
	}()
	defer close(done)
	return try()
}

func bySender(xs []int) {
	ch := make(chan int)
	go func() {
		for range ch { // WANT: the sender leaves
			try()
		}
	}()
	for _, x := range xs {
		ch <- x
	}
}

func byAnswerer() {
	done := make(chan struct{})
	go func() {
		if try() != nil {
			return
		}
		close(done)
	}()
	<-done // WANT: the answerer leaves
}

type loop struct {
	quit, done chan struct{}
	on         bool
}

func newLoop(on bool) *loop {
	return &loop{make(chan struct{}), make(chan struct{}), on}
}

func (l *loop) start() {
	if !l.on {
		return
	}
	go func() {
		defer close(l.done)
		<-l.quit
	}()
}

func (l *loop) stop() {
	close(l.quit)
	<-l.done // WANT: the answerer is not started
}

func use(on bool) {
	l := newLoop(on)
	l.start()
	l.stop()
}

func noDone() {
	var wg sync.WaitGroup
	wg.Add(1)
	go try()
	wg.Wait() // WANT: nothing is done
}

func leaves() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if try() != nil {
			return
		}
		wg.Done()
	}()
	wg.Wait() // WANT: a member leaves
}

func allRounds(xs []int) {
	var wg sync.WaitGroup
	wg.Add(len(xs))
	for range xs {
		go func() {
			defer wg.Done()
			try()
		}()
		wg.Wait() // WANT: all rounds are counted
	}
}

func joins(xs []int) {
	var wg sync.WaitGroup
	for range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			try()
		}()
	}
	wg.Wait()
}

func more() error {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		try()
	}()
	wg.Wait() // WANT: more is counted
	return nil
}

func noReceiver() {
	ch := make(chan int)
	go func() { ch <- 1 }() // WANT: nothing receives
}

func startsLater() {
	go func() {
		ch := make(chan int)
		ch <- 1 // WANT: the receiver starts later
		go func() { <-ch }()
	}()
}

// With room for the result, the send ends.
func fewer(ctx context.Context) error {
	ch, roomy := make(chan error), make(chan error, 1)
	go func() { ch <- try() }() // WANT: fewer are taken
	go func() { roomy <- try() }()
	select {
	case err := <-ch:
		return err
	case <-roomy:
	case <-time.After(time.Second):
	}
	return nil
}

type request struct{ answer chan int }

func gives(ctx context.Context, requests chan *request) int {
	r := &request{make(chan int)}
	requests <- r
	select {
	case n := <-r.answer:
		return n
	case <-ctx.Done():
		return 0
	}
}

func answers(ctx context.Context) {
	requests := make(chan *request)
	go func() {
		for r := range requests {
			r.answer <- 1 // WANT: the maker gives up
		}
	}()
	gives(ctx, requests)
	close(requests)
}

type pipe struct {
	ch   chan int
	quit chan struct{}
}

func newPipe(ctx context.Context) *pipe {
	p := &pipe{make(chan int), make(chan struct{})}
	go p.fill()
	go p.drain(ctx)
	return p
}

func (p *pipe) fill() {
	for {
		p.ch <- 1 // WANT: the receiver leaves
	}
}

func (p *pipe) drain(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.quit:
			return
		case <-p.ch:
		}
	}
}

// The loop may have left by the context.
func (p *pipe) Close() {
	p.quit <- struct{}{} // WANT: the loop leaves
}
