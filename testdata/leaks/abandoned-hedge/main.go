// Command abandoned-hedge asks a second replica if the first is slow, and takes
// one answer. The other one is never received.
package main

import (
	"fmt"
	"time"

	"example.com/leaks/judge"
)

func ask(replica string, d time.Duration) string {
	time.Sleep(d)
	return "from " + replica
}

func hedged() string {
	answers := make(chan string)
	go func() { answers <- ask("a", 20*time.Millisecond) }()
	select {
	case a := <-answers:
		return a
	case <-time.After(5 * time.Millisecond):
	}
	go func() { answers <- ask("b", 2*time.Millisecond) }()
	return <-answers
}

func main() {
	for range 2 {
		fmt.Println(hedged())
	}
	judge.Report()
}
