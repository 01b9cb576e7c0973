// Command unreleased-results prints results until the channel is closed, which
// nobody does.
package main

import (
	"fmt"
	"sync"

	"example.com/leaks/judge"
)

func sum(parts []int) (total int) {
	results := make(chan int)
	var mu sync.Mutex
	go func() {
		for n := range results {
			mu.Lock()
			total += n
			mu.Unlock()
		}
	}()
	for _, n := range parts {
		results <- n * n
	}
	mu.Lock()
	defer mu.Unlock()
	return total
}

func main() {
	for range 2 {
		fmt.Println(sum([]int{1, 2, 3}) > 0)
	}
	judge.Report()
}
