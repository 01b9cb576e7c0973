package circles

import "sync"

func use(int) {}

// What stops the loop comes only after a wait for its end.

type looped struct {
	jobs chan int
	quit chan struct{}
	done chan struct{}
}

func newLooped() *looped {
	l := &looped{jobs: make(chan int), quit: make(chan struct{}), done: make(chan struct{})}
	go l.runBad()
	return l
}

func (l *looped) runBad() {
	defer close(l.done)
	for {
		select { // want "goroutine waits for itself: what would raise l.quit comes only after a wait for this one"
		case j := <-l.jobs:
			use(j)
		case <-l.quit:
			return
		}
	}
}

func (l *looped) stop() {
	<-l.done
	close(l.quit)
}

func Looped() {
	l := newLooped()
	l.jobs <- 1
	l.stop()
}

// The loop has another way out.
type ending struct {
	jobs chan int
	quit chan struct{}
	done chan struct{}
}

func newEnding() *ending {
	e := &ending{jobs: make(chan int), quit: make(chan struct{}), done: make(chan struct{})}
	go e.run()
	return e
}

func (e *ending) run() {
	defer close(e.done)
	for {
		select {
		case j, ok := <-e.jobs:
			if !ok {
				return
			}
			use(j)
		case <-e.quit:
			return
		}
	}
}

func (e *ending) stop() {
	close(e.jobs)
	<-e.done
	close(e.quit)
}

func EndingOk() {
	e := newEnding()
	e.jobs <- 1
	e.stop()
}

// Somebody else may stop it first.
func EitherOk(first bool) {
	quit, done := make(chan struct{}), make(chan struct{})
	var once sync.Once
	stop := func() { once.Do(func() { close(quit) }) }
	go func() {
		defer close(done)
		<-quit
	}()
	go func() {
		if first {
			stop()
		}
	}()
	<-done
	stop()
}

// The done channel is closed whatever the case.
func ClosedFirstOk(jobs chan int) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		close(done)
		for {
			select {
			case j := <-jobs:
				use(j)
			case <-quit:
				return
			}
		}
	}()
	<-done
	close(quit)
}

func DeferredBad(n int) {
	var wg sync.WaitGroup
	in := make(chan int)
	wg.Add(1)
	go func() {
		defer wg.Done()
		for v := range in { // want "goroutine waits for itself: what would raise in comes only after a wait for this one"
			use(v)
		}
	}()
	defer func() {
		wg.Wait()
		close(in)
	}()
	for i := range n {
		in <- i
	}
}

func DeferredOk(n int) {
	var wg sync.WaitGroup
	in := make(chan int)
	wg.Add(1)
	go func() {
		defer wg.Done()
		for v := range in {
			use(v)
		}
	}()
	defer func() {
		close(in)
		wg.Wait()
	}()
	for i := range n {
		in <- i
	}
}

// The one that waits is none of those that are counted.
func HelperOk(n int) {
	var wg sync.WaitGroup
	in := make(chan int, n)
	finish := func() {
		wg.Wait()
		close(in)
	}
	wg.Add(1)
	go func() {
		defer wg.Done()
		in <- n
	}()
	go finish()
	for v := range in {
		use(v)
	}
}

// Each waits for the one before it, and the first for none.
type link struct {
	before     *link
	quit, done chan struct{}
}

func newLink(before *link) *link {
	l := &link{before: before, quit: make(chan struct{}), done: make(chan struct{})}
	go l.run()
	return l
}

func (l *link) run() {
	defer close(l.done)
	<-l.quit
}

func (l *link) stop() {
	if l.before != nil {
		<-l.before.done
	}
	close(l.quit)
}

func LinksOk() {
	a := newLink(nil)
	b := newLink(a)
	a.stop()
	b.stop()
}

// The loop gives up by itself.
func TimedOk(jobs, late <-chan int) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case j := <-jobs:
				use(j)
			case <-late:
				return
			case <-quit:
				return
			}
		}
	}()
	<-done
	close(quit)
}
