package examples

import (
	"fmt"
	"time"
)

// An example without output is shown, but never run.
func Example_startOnceOk() {
	go func() {
		for {
			time.Sleep(time.Second)
		}
	}()
}

func Example_runBad() {
	go func() {
		for { // want `no exit`
			time.Sleep(time.Second)
		}
	}()
	fmt.Println("a cache")
	// Output: a cache
}
