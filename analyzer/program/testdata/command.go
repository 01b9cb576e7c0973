package main

import (
	"log"
	"os"
	"sync"
	"time"
)

func main() { // WANT: main does not return; runs once
	go loop() // WANT: runs loop, step, as long as the process
	serve(os.Args)
	for range 3 {
		go each()    // WANT: runs each, step, helper, as long as the process
		go request() // WANT: runs request, as long as the process
	}
	handle() // WANT: does not come back
}

func init() { // WANT: runs once
	go loop() // WANT: runs loop, step, as long as the process
}

func serve(args []string) { // WANT: runs once
	go loop() // WANT: runs loop, step, as long as the process
	if len(args) > 1 {
		log.Fatal("usage") // WANT: does not come back
	}
	once.Do(func() { // WANT: runs once
		go loop() // WANT: runs loop, step, as long as the process
	})
}

var once sync.Once

func loop() { // WANT: loop does not return
	for {
		time.Sleep(time.Second) // WANT: sleeps; in a loop
		step()                  // WANT: in a loop
	}
}

func step() {}

func each() {
	step()
	helper()
}

func helper() { step() }

// request is called from many goroutines.
func request() {
	go loop() // WANT: runs loop, step
	//killcheck:lifetime process -- it keeps the time
	go loop() // WANT: runs loop, step, documented
}

func handle() { // WANT: handle does not return; runs once
	exits() // WANT: does not come back
	ends()  // WANT: does not come back
}

func exits() { os.Exit(1) } // WANT: exits does not return; does not come back

func ends() { // WANT: ends does not return; runs once
	panic("always")
}

func mayEnd(b bool) {
	if b {
		exits() // WANT: does not come back
	}
}
