// Command leak waits for an answer in a package-level table after the request
// was given up.
package main

import (
	"context"
	"sync"
	"time"

	"example.com/leaks/judge"
)

var (
	mu      sync.Mutex
	waiting = map[int]chan string{}
)

func register(id int) chan string {
	mu.Lock()
	defer mu.Unlock()
	ch := make(chan string)
	waiting[id] = ch
	return ch
}

func answer(id int, text string) {
	mu.Lock()
	ch := waiting[id]
	mu.Unlock()
	ch <- text
}

func await(ctx context.Context, id int, use func(string)) {
	use(<-register(id))
}

func request(id int) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	go await(ctx, id, func(string) {})
	<-ctx.Done()
}

func main() {
	for id := range 2 {
		request(id)
	}
	if len(waiting) > 2 {
		answer(1, "late")
	}
	judge.Report()
}
