// Command abandoned-timeout asks a slow backend and gives up after a while.
// The goroutine that asked cannot deliver its answer.
package main

import (
	"errors"
	"fmt"
	"time"

	"example.com/leaks/judge"
)

var errTimeout = errors.New("timeout")

func slowLookup(name string) string {
	time.Sleep(40 * time.Millisecond)
	return "record of " + name
}

func lookup(name string, limit time.Duration) (string, error) {
	answer := make(chan string)
	go func() {
		answer <- slowLookup(name)
	}()
	select {
	case a := <-answer:
		return a, nil
	case <-time.After(limit):
		return "", errTimeout
	}
}

func main() {
	for _, name := range []string{"a", "b"} {
		_, err := lookup(name, 10*time.Millisecond)
		fmt.Println(name, err)
	}
	judge.Report()
}
