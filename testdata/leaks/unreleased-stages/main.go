// Command unreleased-stages has three stages. The first does not say when it is done.
package main

import (
	"fmt"

	"example.com/leaks/judge"
)

func total(words []string) int {
	in := make(chan string)
	lengths := make(chan int)
	go func() {
		for _, w := range words {
			in <- w
		}
	}()
	go func() {
		for w := range in {
			lengths <- len(w)
		}
		close(lengths)
	}()
	sum := 0
	for range words {
		sum += <-lengths
	}
	return sum
}

func main() {
	for range 2 {
		fmt.Println(total([]string{"a", "bc", "def"}))
	}
	judge.Report()
}
