// Package nothing leaves something out only where there is nothing: what is there elsewhere
// mostly is there here as well.
package nothing

import "sync"

type peer struct{ send func(string) }

func AllBad(peers []*peer, text string) {
	var wg sync.WaitGroup
	for _, p := range peers {
		wg.Add(1)
		go func() {
			if p == nil {
				return
			}
			p.send(text)
			wg.Done()
		}()
	}
	wg.Wait() // want "a goroutine that it waits for can return without wg.Done"
}

func RangeBad(p *peer, f func(int)) {
	ch := make(chan int)
	go func() {
		for v := range ch { // want "the function that started it can return without closing ch"
			f(v)
		}
	}()
	for i := range 3 {
		ch <- i
	}
	if p == nil {
		return
	}
	close(ch)
}
