// Command unreleased-own gives each worker a channel of its own and closes none.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

func spread(numbers []int) int64 {
	var sum atomic.Int64
	for _, n := range numbers {
		in := make(chan int)
		go func() {
			for n := range in {
				sum.Add(int64(n))
			}
		}()
		in <- n
	}
	time.Sleep(time.Millisecond)
	return sum.Load()
}

func main() {
	for range 2 {
		spread([]int{1, 2})
	}
	judge.Report()
}
