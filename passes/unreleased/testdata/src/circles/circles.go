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
