package standstills

import (
	"context"
	"sync"
)

// The group is waited for before the close that its goroutine waits for.
type jobs struct {
	wg sync.WaitGroup
	in chan int
}

func newJobs() *jobs {
	j := &jobs{in: make(chan int)}
	j.wg.Add(1)
	return j
}

func (j *jobs) runBad() {
	defer j.wg.Done()
	for v := range j.in { // want `goroutine waits for ever: whatever way Order and what it starts take, they wait for each other in the end`
		println(v)
	}
}

func Order() {
	j := newJobs()
	var group sync.WaitGroup
	group.Go(func() { j.runBad() })
	for i := range 3 {
		j.in <- i
	}
	j.wg.Wait()
	close(j.in)
}

func OrderOk() {
	j := newQueue()
	var group sync.WaitGroup
	group.Go(func() { j.run() })
	for i := range 3 {
		j.in <- i
	}
	close(j.in)
	j.wg.Wait()
}

type queue struct {
	wg sync.WaitGroup
	in chan int
}

func newQueue() *queue {
	j := &queue{in: make(chan int)}
	j.wg.Add(1)
	return j
}

func (j *queue) run() {
	defer j.wg.Done()
	for v := range j.in {
		println(v)
	}
}

// One way leaves the close out, and then waits for the goroutine.
type ranger struct{ in chan int }

func newRanger() *ranger {
	r := &ranger{}
	r.in = make(chan int)
	return r
}

func (r *ranger) close() { close(r.in) }

func (r *ranger) runBad() {
	for v := range r.in { // want `goroutine can wait for ever: on one way through Skips nothing is left that could end this`
		println(v)
	}
}

func Skips(n int) {
	r := newRanger()
	var wg sync.WaitGroup
	wg.Go(r.runBad)
	defer func() {
		if n <= 5 {
			r.close()
		}
		wg.Wait()
	}()
	for i := range 4 {
		r.in <- i
	}
}

// Who leaves the close out does not start the goroutine either.
func SkipsBothOk(n int) {
	in, out := make(chan int, 9), make(chan int, 9)
	var wg sync.WaitGroup
	if n <= 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for v := range in {
				out <- v
			}
		}()
	}
	for i := range 3 {
		in <- i
	}
	if n <= 5 {
		close(in)
	}
	wg.Wait()
}

// The condition is asked anew in each round.
func RoundsOk(next func() error) {
	in := make(chan int)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range in {
		}
	}()
	for {
		if err := next(); err != nil {
			close(in)
			break
		}
		in <- 1
	}
	<-done
}

// The lock is given back on one way only.
func LockBad(n int) {
	var mu sync.Mutex
	done := make(chan struct{})
	mu.Lock()
	go func() {
		defer close(done)
		mu.Lock() // want `goroutine can wait for ever: on one way through LockBad nothing is left that could end this`
		println(n)
		mu.Unlock()
	}()
	if n <= 5 {
		mu.Unlock()
	}
	<-done
}

// Others have the object, and close it.
func OpenOk(keep func(*queue)) {
	j := newQueue()
	keep(j)
	go j.run()
	j.wg.Wait()
}

// A goroutine gives the lock back, or cancels.
func LaterOk() {
	var mu sync.Mutex
	ctx, cancel := context.WithCancel(context.Background())
	mu.Lock()
	go mu.Unlock()
	mu.Lock()
	go cancel()
	<-ctx.Done()
}

// A stop that comes from elsewhere ends it: it may be meant to last.
func UntilOk(ctx context.Context) (sum int) {
	out := make(chan int)
	go func() {
		for {
			select {
			case out <- 1:
			case <-ctx.Done():
				return
			}
		}
	}()
	for v := range out {
		sum += v
	}
	return sum
}

// The group is another one by then.
func AnewOk(f func()) {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() { f(); wg.Done() }()
	wg = sync.WaitGroup{}
	wg.Wait()
}

// The library may run the literal, which closes.
func CallbackOk(once *sync.Once) {
	in := make(chan int)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range in {
		}
	}()
	once.Do(func() { close(in) })
	<-done
}

// A wrapper may start it never.
func perhaps(n int, f func()) {
	if n > 0 {
		go f()
	}
}

func PerhapsOk(n int) {
	sem := make(chan struct{}, 1)
	sem <- struct{}{}
	perhaps(n, func() {
		sem <- struct{}{}
		sem <- struct{}{}
	})
	perhaps(n, func() {
		<-sem
		<-sem
	})
}

type line struct {
	mu sync.Mutex
	ch chan int
}

// What stands still here is told of with the lock.
func heldOk(n int) {
	l := &line{ch: make(chan int)}
	go func() {
		l.mu.Lock()
		<-l.ch
		l.mu.Unlock()
	}()
	l.mu.Lock()
	l.ch <- n
	l.mu.Unlock()
}
