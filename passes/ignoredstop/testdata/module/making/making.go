// Command making is not finished: nobody calls its functions, and nothing in it is
// concurrent.
package main

import (
	"context"
	"time"
)

func poll(ctx context.Context, probe func()) {
	for { // want "function never returns: the loop has no exit, and ctx is in reach"
		probe()
		time.Sleep(time.Second)
	}
}

func until(ctx context.Context, probe func()) {
	for ctx.Err() == nil {
		probe()
		time.Sleep(time.Second)
	}
}

func some(ctx context.Context, probe func() bool) {
	for {
		if probe() {
			return
		}
	}
}

func main() {}
