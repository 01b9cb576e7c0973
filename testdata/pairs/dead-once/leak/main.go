// Command leak looks at its context once, before the loop.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type importer struct{ rows atomic.Int64 }

func (im *importer) run(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	for {
		im.rows.Add(1)
		time.Sleep(2 * time.Millisecond)
	}
}

func load() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go new(importer).run(ctx)
	time.Sleep(5 * time.Millisecond)
}

func main() {
	for range 2 {
		load()
	}
	judge.Report()
}
