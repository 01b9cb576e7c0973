package p

import "sync"

// Each waits for the other.
func crossed() {
	a, b := make(chan int), make(chan int)
	go func() {
		<-a // WANT: crossed stays always, sends: false
		b <- 1
	}()
	<-b
	a <- 1
}

func met() {
	a, b := make(chan int), make(chan int)
	go func() {
		<-a
		b <- 1
	}()
	a <- 1
	<-b
}

// Room for one does for the first alone.
func twoForOne(n int) {
	ch := make(chan int, 1)
	var wg sync.WaitGroup
	wg.Add(2)
	for range 2 {
		go func() {
			defer wg.Done()
			ch <- n
		}()
	}
	wg.Wait()
	<-ch
	<-ch
}

func unlocked(mu bool) int {
	var lock sync.Mutex
	done := make(chan int)
	go func() {
		lock.Lock()
		lock.Unlock()
		done <- 1
	}()
	lock.Lock()
	if mu {
		return <-done
	}
	lock.Unlock()
	return <-done
}

// The way behind all cases leads to the select again.
func polled() {
	quit, done := make(chan int), make(chan int)
	go func() {
		defer close(done)
		for {
			select {
			case <-quit:
				return
			default:
			}
		}
	}()
	close(quit)
	<-done
}
