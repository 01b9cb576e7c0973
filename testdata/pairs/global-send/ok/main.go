// Command ok publishes until its context ends.
package main

import (
	"context"

	"example.com/leaks/judge"
)

var events = make(chan string)

type source struct{ name string }

func (s source) publish(ctx context.Context) {
	for i := 0; i < 1000; i++ {
		select {
		case events <- s.name:
		case <-ctx.Done():
			return
		}
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
