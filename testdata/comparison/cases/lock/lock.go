// Package lock holds a send under a lock that the receiver needs first.
package lock

import (
	"sync"
	"time"
)

// Run starts sender and receiver.
func Run() {
	var mu sync.Mutex
	ch := make(chan int)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		ch <- 1
	}()
	go func() {
		time.Sleep(time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		<-ch
	}()
}
