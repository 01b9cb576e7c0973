// Command abandoned-twice lacks a return after it sent the error, so it sends
// a second time to a receiver that takes one message.
package main

import (
	"fmt"
	"strconv"

	"example.com/leaks/judge"
)

type parsed struct {
	n   int
	err error
}

func parse(text string) (int, error) {
	out := make(chan parsed)
	go func() {
		n, err := strconv.Atoi(text)
		if err != nil {
			out <- parsed{err: err}
		}
		out <- parsed{n: n}
	}()
	p := <-out
	return p.n, p.err
}

func main() {
	for _, text := range []string{"12", "x", "y"} {
		n, err := parse(text)
		fmt.Println(n, err)
	}
	judge.Report()
}
