// Command unreleased-donechan waits for a goroutine that reports its end by a
// channel which it closes nowhere.
package main

import (
	"fmt"
	"time"

	"example.com/leaks/judge"
)

type upload struct {
	parts [][]byte
	sent  int
}

func (u *upload) send(finished chan struct{}) {
	for _, p := range u.parts {
		time.Sleep(time.Millisecond)
		u.sent += len(p)
	}
}

func (u *upload) start() {
	finished := make(chan struct{})
	go u.send(finished)
	go func() {
		<-finished
		fmt.Println("sent", u.sent)
	}()
}

func main() {
	for range 2 {
		u := &upload{parts: [][]byte{{1, 2}, {3}}}
		u.start()
	}
	judge.Report()
}
