// Package circles holds waits that wait for each other.
package circles

import "sync"

func TwoBad() {
	a, b := make(chan int), make(chan int)
	go func() {
		<-b // want `waits for itself: what would raise b`
		a <- 1
	}()
	<-a
	b <- 1
}

func ThreeBad() {
	a, b, c := make(chan int), make(chan int), make(chan int)
	go passBad(a, b)
	go func() {
		<-b // want `waits for itself`
		c <- 1
	}()
	<-c
	a <- 1
}

func passBad(from <-chan int, to chan<- int) {
	<-from // want `waits for itself`
	to <- 1
}

type pair struct{ ready, done chan struct{} }

func NewPair() *pair {
	p := &pair{make(chan struct{}), make(chan struct{})}
	go p.runBad()
	return p
}

func (p *pair) runBad() {
	<-p.ready // want `waits for itself`
	close(p.done)
}

func (p *pair) Start() {
	<-p.done
	close(p.ready)
}

// A range waits for a close that comes after it.
func CollectBad(items []int) (sum int) {
	var wg sync.WaitGroup
	c := make(chan int)
	for _, n := range items {
		wg.Go(func() { c <- n })
	}
	for n := range c { // want `waits for itself`
		sum += n
	}
	wg.Wait()
	close(c)
	return sum
}

func TwoOk() {
	a, b := make(chan int), make(chan int)
	go func() {
		<-b
		a <- 1
	}()
	b <- 1
	<-a
}

// One to and one fro.
func PingOk(n int) {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for range n {
			pong <- <-ping
		}
	}()
	for range n {
		ping <- 1
		<-pong
	}
}

// Who asks in a select can do otherwise.
func SelectOk(stop chan struct{}) {
	a, b := make(chan int), make(chan int)
	go func() {
		<-b
		a <- 1
	}()
	select {
	case <-a:
	case <-stop:
	}
	b <- 1
}

// One of several ways leads to the wake.
func WaysOk(first bool) {
	a, b := make(chan int), make(chan int)
	go func() {
		<-b
		a <- 1
	}()
	if !first {
		b <- 1
		<-a
		return
	}
	b <- 1
	<-a
}

// ---- a group that is used in phases: those of the second start after the first wait

func PhasesOk(f func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		f()
	}()
	wg.Wait()
	next := make(chan int)
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-next
		f()
	}()
	close(next)
	wg.Wait()
}

func PhasesGo(f func()) { go PhasesNamedOk(f); go PhasesOk(f); go firstWaitBad(f) }

func PhasesNamedOk(f func()) {
	var wg sync.WaitGroup
	next := make(chan int)
	wg.Add(1)
	go quick(&wg, f)
	wg.Wait()
	wg.Add(1)
	go heed(&wg, next, f)
	close(next)
	wg.Wait()
}

func quick(wg *sync.WaitGroup, f func()) {
	defer wg.Done()
	f()
}

func heed(wg *sync.WaitGroup, next <-chan int, f func()) {
	defer wg.Done()
	<-next
	f()
}

func FirstPhaseBad(f func()) {
	var wg sync.WaitGroup
	next := make(chan int)
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-next // want `waits for itself`
		f()
	}()
	wg.Wait()
	wg.Add(1)
	go func() {
		defer wg.Done()
		f()
	}()
	close(next)
	wg.Wait()
}

func SecondPhaseBad(f func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		f()
	}()
	wg.Wait()
	next := make(chan int)
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-next // want `waits for itself`
		f()
	}()
	wg.Wait()
	close(next)
}

func SecondPhaseGoBad(f func()) {
	var wg sync.WaitGroup
	wg.Go(f)
	wg.Wait()
	next := make(chan int)
	wg.Go(func() {
		<-next // want `waits for itself`
		f()
	})
	wg.Wait()
	close(next)
}

func firstWaitBad(f func()) {
	var wg sync.WaitGroup
	next := make(chan int)
	wg.Add(1)
	go heedBad(&wg, next, f)
	wg.Wait() // want `waits for itself`
	close(next)
}

func heedBad(wg *sync.WaitGroup, next <-chan int, f func()) {
	defer wg.Done()
	<-next // want `waits for itself`
	f()
}
