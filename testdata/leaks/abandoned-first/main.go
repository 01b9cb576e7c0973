// Command abandoned-first asks all mirrors and takes the first answer. The
// others are never received.
package main

import (
	"fmt"
	"time"

	"example.com/leaks/judge"
)

type mirror struct {
	name  string
	delay time.Duration
}

func (m mirror) get(file string) string {
	time.Sleep(m.delay)
	return m.name + "/" + file
}

func fastest(mirrors []mirror, file string) string {
	found := make(chan string)
	for _, m := range mirrors {
		go func() { found <- m.get(file) }()
	}
	return <-found
}

func main() {
	mirrors := []mirror{{"east", time.Millisecond}, {"west", 5 * time.Millisecond}, {"north", 9 * time.Millisecond}}
	for range 2 {
		fmt.Println(fastest(mirrors, "go.tar"))
	}
	judge.Report()
}
