package circle

import "sync"

func work() {}

// Each of two waits ends only by what the other one precedes.
func two() {
	a, b := make(chan int), make(chan int)
	go func() {
		<-b // WANT: receives in a circle, till the one at +4, after the wait at +3, of no goroutine
		a <- 1
	}()
	<-a // WANT: receives in a circle, till the one at -2, after the wait at -3
	b <- 1
}

// What one of them waits for comes before it waits.
func inOrder() {
	a, b := make(chan int), make(chan int)
	go func() {
		a <- 1
		<-b
	}()
	<-a
	b <- 1
}

// Another goroutine raises it as well.
func third() {
	a, b := make(chan int), make(chan int)
	go func() {
		<-b
		a <- 1
	}()
	go func() { b <- 1 }()
	<-a
	b <- 1
}

// The wait of a function counts where it is called.
func called() {
	ready, done := make(chan struct{}), make(chan struct{})
	go func() {
		wait(ready)
		close(done)
	}()
	wait2(done)
	close(ready)
}

func wait(ch chan struct{}) { <-ch } // WANT: receives in a circle, till the one at -3, after the wait at +2, of no goroutine

func wait2(ch chan struct{}) { <-ch } // WANT: receives in a circle, till the one at -8, after the wait at -2

// The group ends only when what it waits for is received.
func groupFirst() int {
	var wg sync.WaitGroup
	ch := make(chan int)
	wg.Add(1)
	go func() {
		defer wg.Done()
		ch <- 1 // WANT: sends in a circle, till the one at +3, after the wait at +2, of no goroutine
	}()
	wg.Wait() // WANT: waits for the group wg in a circle, till the one at -3, after the wait at -2
	return <-ch
}

func groupWithRoom() int {
	var wg sync.WaitGroup
	ch := make(chan int, 1)
	wg.Add(1)
	go func() {
		defer wg.Done()
		ch <- 1
	}()
	wg.Wait()
	return <-ch
}

// The range ends only by the close, which comes after it.
func closedLater(list []int) (sum int) {
	ch := make(chan int)
	go func() {
		for _, n := range list {
			ch <- n
		}
	}()
	for n := range ch { // WANT: receives in a circle, till the one at +3, of no goroutine
		sum += n
	}
	close(ch)
	return sum
}

// Both run in the same goroutine.
func alone() int {
	ch := make(chan int)
	ch <- 1 // WANT: sends in a circle, till the one at +1, of no goroutine
	return <-ch
}

// One more is sent than there is room for.
func full() int {
	ch := make(chan int, 1)
	ch <- 1
	ch <- 2 // WANT: sends in a circle, till the one at +1, of no goroutine
	return <-ch
}

func lockNever() {
	var mu sync.Mutex
	mu.Lock()
	go func() {
		mu.Lock() // WANT: lock mu is shut at -2, to open it takes 1 of 0 calls
		work()
		mu.Unlock()
	}()
	work()
}

func lockLater() {
	var mu sync.Mutex
	mu.Lock()
	go func() {
		mu.Lock() // WANT: lock mu is shut at -2, to open it takes 1 of 1 calls
		work()
		mu.Unlock()
	}()
	work()
	mu.Unlock()
}

func lockOrder() {
	var mu sync.Mutex
	done := make(chan struct{})
	mu.Lock()
	go func() {
		defer close(done)
		mu.Lock() // WANT: waits for mu in a circle, till the one at +5, after the wait at +4, of no goroutine; lock mu is shut at -3, to open it takes 1 of 1 calls
		work()
		mu.Unlock()
	}()
	<-done // WANT: receives in a circle, till the one at -5, after the wait at -4
	mu.Unlock()
}

// The lock is given back before the goroutine starts.
func lockBefore() {
	var mu sync.Mutex
	mu.Lock()
	work()
	mu.Unlock()
	go func() {
		mu.Lock()
		work()
		mu.Unlock()
	}()
}

func groupLater() {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		wg.Wait() // WANT: group wg is shut at -2, to open it takes 2 of 2 calls
		work()
	}()
	wg.Done()
	wg.Done()
}

func semaphore() {
	sem := make(chan struct{}, 1)
	sem <- struct{}{}
	go func() {
		sem <- struct{}{} // WANT: room sem is shut at -2, to open it takes 1 of 1 calls
		work()
		<-sem
	}()
	work()
	<-sem
}
