// Command ok reads standard input through a file that can be closed.
package main

import (
	"bufio"
	"context"
	"log"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"example.com/leaks/judge"
)

type console struct{ lines atomic.Int64 }

func (c *console) read(ctx context.Context) {
	// A second file of the same pipe, which the runtime's poller can wake.
	f, err := os.OpenFile("/dev/stdin", os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		log.Fatal(err)
	}
	stop := context.AfterFunc(ctx, func() { f.Close() })
	defer stop()
	in := bufio.NewScanner(f)
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
