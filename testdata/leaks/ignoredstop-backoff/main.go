// Command ignoredstop-backoff tries again and again, with a pause that its context
// does not end.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/leaks/judge"
)

func connect(n int) error {
	if n < 1000 {
		return errors.New("refused")
	}
	return nil
}

func keepTrying(ctx context.Context, name string) {
	for n := 0; ; n++ {
		if err := connect(n); err == nil {
			fmt.Println(name, "is there", ctx.Err())
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	go keepTrying(ctx, "a")
	go keepTrying(ctx, "b")
	time.Sleep(5 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}
