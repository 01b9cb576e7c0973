package standstills

import (
	"sync"
	"time"
)

// It takes two where one is given back.
func TwiceBad() {
	sem := make(chan struct{}, 1)
	done := make(chan struct{})
	sem <- struct{}{}
	go func() {
		defer close(done)
		sem <- struct{}{}
		sem <- struct{}{} // want `goroutine waits for ever: whatever way TwiceBad and what it starts take, they wait for each other in the end`
		defer func() { <-sem }()
		<-sem
	}()
	give := func() { <-sem }
	give()
	<-done
}

func TwiceOk() {
	sem := make(chan struct{}, 1)
	done := make(chan struct{})
	sem <- struct{}{}
	go func() {
		defer close(done)
		sem <- struct{}{}
		<-sem
		sem <- struct{}{}
		defer func() { <-sem }()
	}()
	give := func() { <-sem }
	give()
	<-done
}

// The answer is not taken once the time is over, and then the goroutine is waited for.
func JoinedBad() {
	out := make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() {
		time.Sleep(time.Second)
		out <- 1 // want `goroutine can wait for ever: on one way through JoinedBad nothing is left that could end this`
	})
	select {
	case v := <-out:
		println(v)
	case <-time.After(time.Millisecond):
	}
	wg.Wait()
}

func JoinedOk() {
	out := make(chan int, 1)
	var wg sync.WaitGroup
	wg.Go(func() {
		time.Sleep(time.Second)
		out <- 1
	})
	select {
	case v := <-out:
		println(v)
	case <-time.After(time.Millisecond):
	}
	wg.Wait()
}

// Whoever waits for the group receives only after that.
func ReplyBad() {
	in, out := make(chan int), make(chan int)
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for v := range in {
			out <- v // want `goroutine waits for ever: whatever way ReplyBad and what it starts take`
		}
	}()
	for i := range 1 {
		in <- i
	}
	close(in)
	wg.Wait()
	println(<-out)
}

// The panic ends it all: without the answer there is nothing to index.
func PanicOk(get func() []int, fail func(string)) int {
	c := make(chan []int)
	go func() { c <- get() }()
	var all []int
	select {
	case all = <-c:
	case <-time.After(time.Second):
		fail("timed out")
	}
	return all[0]
}
