// Command ignoredstop-watch polls a file. The watcher is given a context and
// never looks at it.
package main

import (
	"context"
	"os"
	"time"

	"example.com/leaks/judge"
)

func watch(ctx context.Context, path string, changed func(time.Time)) {
	var last time.Time
	for {
		if info, err := os.Stat(path); err == nil && info.ModTime().After(last) {
			last = info.ModTime()
			changed(last)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func edit(ctx context.Context, path string) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	seen := make(chan time.Time, 16)
	go watch(ctx, path, func(t time.Time) {
		select {
		case seen <- t:
		default:
		}
	})
	<-seen
}

func main() {
	ctx := context.Background()
	for range 2 {
		edit(ctx, os.Args[0])
	}
	judge.Report()
}
