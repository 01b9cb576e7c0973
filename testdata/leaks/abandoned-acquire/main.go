// Command abandoned-acquire waits for a lock in the background, for a while.
package main

import (
	"fmt"
	"sync"
	"time"

	"example.com/leaks/judge"
)

func tryFor(mu *sync.Mutex, d time.Duration) bool {
	taken := make(chan struct{})
	go func() {
		mu.Lock()
		defer mu.Unlock()
		taken <- struct{}{}
	}()
	select {
	case <-taken:
		return true
	case <-time.After(d):
		return false
	}
}

func main() {
	for range 2 {
		var mu sync.Mutex
		mu.Lock()
		fmt.Println(tryFor(&mu, time.Millisecond))
		mu.Unlock()
	}
	judge.Report()
}
