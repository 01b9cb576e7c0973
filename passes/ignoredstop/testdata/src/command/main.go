// A command: how long what main starts is meant to live, nothing shows.
package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"time"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	go publishOk(ctx, "a")
	go func() {
		for {
			publish(ctx, "b")
			time.Sleep(time.Second)
		}
	}()
	for _, topic := range []string{"c", "d"} {
		go repeatOk(ctx, topic)
	}
	for topic := range topics {
		go serveBad(ctx, topic)
	}
	joinedBad(ctx)
}

var topics = make(chan string)

func publish(ctx context.Context, topic string) { println(topic, ctx.Err() == nil) }

func publishOk(ctx context.Context, topic string) {
	for {
		publish(ctx, topic)
		time.Sleep(time.Second)
	}
}

func repeatOk(ctx context.Context, topic string) {
	for range time.Tick(time.Second) {
		publish(ctx, topic)
	}
}

// One for each topic.
func serveBad(ctx context.Context, topic string) {
	for { // want `goroutine never stops: the loop has no exit, and ctx is in reach`
		publish(ctx, topic)
		time.Sleep(time.Second)
	}
}

// It is waited for.
func joinedBad(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for { // want `goroutine never stops: the loop has no exit, and ctx is in reach`
			publish(ctx, "e")
			time.Sleep(time.Second)
		}
	}()
	wg.Go(func() {
		for { // want `goroutine never stops: the loop has no exit, and ctx is in reach`
			publish(ctx, "f")
			time.Sleep(time.Second)
		}
	})
	wg.Wait()
}
