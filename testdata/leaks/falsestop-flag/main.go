// Command falsestop-flag answers the stop signal by setting the result of the
// function, and then forgets to return it.
package main

import (
	"context"
	"fmt"
	"time"

	"example.com/leaks/judge"
)

type feed struct{ items chan string }

func (f *feed) pump(ctx context.Context) (err error) {
	t := time.NewTicker(5 * time.Millisecond)
	defer t.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case <-t.C:
			f.offer(fmt.Sprint(n))
		}
	}
}

func (f *feed) offer(item string) {
	select {
	case f.items <- item:
	default:
	}
}

func take() string {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	f := &feed{items: make(chan string, 1)}
	go f.pump(ctx)
	return <-f.items
}

func main() {
	for range 2 {
		fmt.Println(take() != "", take() != "")
	}
	judge.Report()
}
