// Command unreleased-collect fans in through a local channel that nobody
// closes, so the collector waits for one more value.
package main

import (
	"fmt"
	"strings"
	"sync"

	"example.com/leaks/judge"
)

func countWords(lines []string) int {
	var mu sync.Mutex
	words := 0
	found := make(chan string)
	go func() {
		for range found {
			mu.Lock()
			words++
			mu.Unlock()
		}
	}()
	for _, line := range lines {
		for _, w := range strings.Fields(line) {
			found <- w
		}
	}
	mu.Lock()
	defer mu.Unlock()
	return words
}

func main() {
	for range 2 {
		fmt.Println(countWords([]string{"a b c", "d e"}) > 0)
		fmt.Println(countWords([]string{"f"}) >= 0)
	}
	judge.Report()
}
