// Command leak serves two tickers in a select that lacks the context.
package main

import (
	"context"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type node struct{ pings, scans atomic.Int64 }

func (n *node) maintain(ctx context.Context) {
	ping := time.NewTicker(2 * time.Millisecond)
	scan := time.NewTicker(3 * time.Millisecond)
	defer ping.Stop()
	defer scan.Stop()
	for {
		select {
		case <-ping.C:
			n.pings.Add(1)
		case <-scan.C:
			n.scans.Add(1)
		}
	}
}

func session() {
	ctx, cancel := context.WithCancel(context.Background())
	var n node
	go n.maintain(ctx)
	time.Sleep(8 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}
