// Package chosen leaves something out only where plain values compare so: whether that can
// come is not known.
package chosen

import "sync"

func AllBad(items []string, f func(string)) {
	var wg sync.WaitGroup
	for _, item := range items {
		wg.Add(1)
		go func() {
			if len(item) > 4 {
				return
			}
			f(item)
			wg.Done()
		}()
	}
	wg.Wait() // want "a goroutine that it waits for can return without wg.Done"
}

func RangeBad(n int, f func(int)) {
	ch := make(chan int)
	go func() {
		for v := range ch { // want "the function that started it can return without closing ch"
			f(v)
		}
	}()
	for i := range 3 {
		ch <- i
	}
	if n == 7 {
		return
	}
	close(ch)
}
