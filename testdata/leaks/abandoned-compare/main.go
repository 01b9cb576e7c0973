// Command abandoned-compare asks two sources, and is content if the first is sure.
package main

import (
	"fmt"

	"example.com/leaks/judge"
)

type guess struct {
	word string
	sure bool
}

func ask(sure bool) guess { return guess{"yes", sure} }

func decide(sure bool) string {
	first, second := make(chan guess), make(chan guess)
	go func() { first <- ask(sure) }()
	go func() { second <- ask(true) }()
	g := <-first
	if g.sure {
		return g.word
	}
	return (<-second).word
}

func main() {
	for range 2 {
		fmt.Println(decide(true))
	}
	judge.Report()
}
