// Command abandoned-room has room for one answer, and three that come.
package main

import (
	"fmt"

	"example.com/leaks/judge"
)

func fastest(sources []func() int) int {
	answers := make(chan int, 1)
	for _, source := range sources {
		go func() { answers <- source() }()
	}
	return <-answers
}

func main() {
	one := func() int { return 1 }
	for range 2 {
		fmt.Println(fastest([]func() int{one, one, one}))
	}
	judge.Report()
}
