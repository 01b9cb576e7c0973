// Command abandoned-poll looks once whether the answer is there.
package main

import (
	"fmt"
	"time"

	"example.com/leaks/judge"
)

func slow() int {
	time.Sleep(2 * time.Millisecond)
	return 1
}

func glance() (int, bool) {
	answer := make(chan int)
	go func() { answer <- slow() }()
	select {
	case n := <-answer:
		return n, true
	default:
		return 0, false
	}
}

func main() {
	for range 2 {
		fmt.Println(glance())
	}
	judge.Report()
}
