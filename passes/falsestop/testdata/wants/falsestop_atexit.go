// Command processwaits waits for its goroutines after it has stopped its timers.
package main

import (
	"sync"
	"time"
)

func main() {
	var wg sync.WaitGroup
	defer wg.Wait()
	timer := time.NewTimer(time.Second)
	defer timer.Stop() // want "nothing comes from timer.C"
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-timer.C
	}()
}
