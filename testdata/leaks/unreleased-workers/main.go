// Command unreleased-workers waits for its workers, who wait for the end of the jobs.
package main

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

func process(jobs []int) int64 {
	var sum atomic.Int64
	var wg sync.WaitGroup
	todo := make(chan int)
	for range 2 {
		wg.Go(func() {
			for n := range todo {
				sum.Add(int64(n))
			}
		})
	}
	for _, n := range jobs {
		todo <- n
	}
	time.Sleep(time.Millisecond)
	return sum.Load()
}

func main() {
	for range 2 {
		fmt.Println(process([]int{1, 2, 3}))
	}
	judge.Report()
}
