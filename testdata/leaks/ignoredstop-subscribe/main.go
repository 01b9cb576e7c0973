// Command ignoredstop-subscribe hands events to a subscriber that may be gone.
package main

import (
	"context"
	"fmt"
	"time"

	"example.com/leaks/judge"
)

type bus struct{ events chan string }

func (b *bus) subscribe(ctx context.Context, name string) {
	for {
		event := <-b.events
		fmt.Println(name, event, ctx.Err() == nil)
	}
}

func session() {
	b := &bus{events: make(chan string)}
	ctx, cancel := context.WithCancel(context.Background())
	go b.subscribe(ctx, "log")
	go b.subscribe(ctx, "mail")
	b.events <- "start"
	cancel()
	time.Sleep(time.Millisecond)
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}
