// Command leak publishes on a package-level channel after its reader has gone.
package main

import (
	"context"

	"example.com/leaks/judge"
)

var events = make(chan string)

type source struct{ name string }

func (s source) publish(ctx context.Context) {
	for i := 0; i < 1000; i++ {
		events <- s.name
	}
}

func first(names ...string) string {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for _, name := range names {
		go source{name}.publish(ctx)
	}
	return <-events
}

func main() {
	for range 2 {
		first("a", "b")
	}
	judge.Report()
}
