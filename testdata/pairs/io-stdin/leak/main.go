// Command leak reads standard input in a goroutine that cannot be told to stop.
package main

import (
	"bufio"
	"context"
	"os"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type console struct{ lines atomic.Int64 }

func (c *console) read(ctx context.Context) {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		if ctx.Err() != nil {
			return
		}
		c.lines.Add(1)
	}
}

func ask(limit time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var c console
	go c.read(ctx)
	<-ctx.Done()
}

func main() {
	for range 2 {
		ask(5 * time.Millisecond)
	}
	judge.Report()
}
