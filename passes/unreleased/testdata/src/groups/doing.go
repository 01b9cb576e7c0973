package groups

import "sync"

// What calls Done is a function that the goroutine calls.

func countSome(wg *sync.WaitGroup, in chan int) {
	for v := range in {
		if v == 1 {
			return
		}
	}
	wg.Done()
}

func CountBad() {
	var wg sync.WaitGroup
	in := make(chan int, 9)
	wg.Add(1)
	count := func() { countSome(&wg, in) }
	go count()
	in <- 1
	close(in)
	wg.Wait() // want `can wait for ever: a goroutine that it waits for can return without wg.Done\(\)`
}

func countOk(wg *sync.WaitGroup, in chan int) {
	for v := range in {
		if v == 1 {
			wg.Done()
			return
		}
	}
	wg.Done()
}

func CountOk() {
	var wg sync.WaitGroup
	in := make(chan int, 9)
	wg.Add(1)
	count := func() { countOk(&wg, in) }
	go count()
	in <- 1
	close(in)
	wg.Wait()
}

// The goroutine tells of it itself where the function does not.
func triesOk(wg *sync.WaitGroup, in chan int) bool {
	if len(in) == 0 {
		return false
	}
	wg.Done()
	return true
}

func TriesOk() {
	var wg sync.WaitGroup
	in := make(chan int, 9)
	wg.Add(1)
	go func() {
		if !triesOk(&wg, in) {
			wg.Done()
		}
	}()
	wg.Wait()
}
