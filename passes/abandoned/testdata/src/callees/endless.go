package callees

import (
	"io"
	"sync"
)

// What follows a call that never comes back is not done. To close something when a
// function ends does not end it, nor does a deferred unlock recover a panic.

func pump(c io.Closer, mu *sync.Mutex, in chan int, out chan<- int) {
	defer c.Close()
	mu.Lock()
	defer mu.Unlock()
	for {
		select {
		case v := <-in:
			out <- v
		}
	}
}

func behindOk(c io.Closer, mu *sync.Mutex, in chan int, out chan<- int, done <-chan int) {
	fail := make(chan bool)
	go func() {
		pump(c, mu, in, out)
		fail <- true
	}()
	select {
	case <-done:
	case <-fail:
	}
}

func recovering(in chan int, out chan<- int) {
	defer func() { recover() }()
	for {
		select {
		case v := <-in:
			out <- v
		}
	}
}

func recoveringBad(in chan int, out chan<- int, done <-chan int) {
	fail := make(chan bool)
	go func() {
		recovering(in, out)
		fail <- true // want "can return without receiving from fail"
	}()
	select {
	case <-done:
	case <-fail:
	}
}

// It waits for what is never sent: each of its goroutines goes on and on.
func listen(c io.Closer, mu *sync.Mutex, in chan int, out chan<- int) {
	failed := make(chan bool)
	for range 3 {
		go func() {
			pump(c, mu, in, out)
			failed <- true
		}()
	}
	<-failed
}

func listensOk(c io.Closer, mu *sync.Mutex, in chan int, out chan<- int, done <-chan int) {
	fail := make(chan bool)
	go func() {
		listen(c, mu, in, out)
		fail <- true
	}()
	select {
	case <-done:
	case <-fail:
	}
}

func listenOnce(in chan int, out chan<- int) {
	failed := make(chan bool, 1)
	go func() {
		recovering(in, out)
		failed <- true
	}()
	<-failed
}

func listensBad(in chan int, out chan<- int, done <-chan int) {
	fail := make(chan bool)
	go func() {
		listenOnce(in, out)
		fail <- true // want "can return without receiving from fail"
	}()
	select {
	case <-done:
	case <-fail:
	}
}
