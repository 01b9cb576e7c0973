// Command process ends its timers when it ends itself.
package main

import (
	"time"
)

func main() {
	done := make(chan struct{})
	timer := time.NewTimer(time.Second)
	defer timer.Stop() // the process ends here
	go func() {
		<-timer.C
		close(done)
	}()
	<-done
	runBad(done)
}

// The function ends and the process goes on.
func runBad(done chan struct{}) {
	timer := time.NewTimer(time.Second)
	defer timer.Stop() // want `nothing comes from timer.C`
	go func() {
		<-timer.C
		close(done)
	}()
}
