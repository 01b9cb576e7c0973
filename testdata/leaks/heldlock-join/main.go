// Command heldlock-join waits for its workers under the lock that they take.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

type batch struct {
	mu   sync.Mutex
	wg   sync.WaitGroup
	done int
}

func (b *batch) work() {
	defer b.wg.Done()
	time.Sleep(time.Millisecond)
	b.mu.Lock()
	b.done++
	b.mu.Unlock()
}

func (b *batch) finish() {
	b.mu.Lock()
	b.wg.Wait()
	b.mu.Unlock()
}

func main() {
	for range 2 {
		b := &batch{}
		for range 2 {
			b.wg.Add(1)
			go b.work()
		}
		go b.finish()
		time.Sleep(5 * time.Millisecond)
	}
	judge.Report()
}
