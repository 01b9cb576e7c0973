// Command uninterruptible-decode reads values from a connection.
package main

import (
	"context"
	"encoding/json"
	"net"
	"time"

	"example.com/leaks/judge"
)

func values(ctx context.Context, conn net.Conn) {
	in := json.NewDecoder(conn)
	for ctx.Err() == nil {
		var v map[string]int
		if err := in.Decode(&v); err != nil {
			return
		}
	}
}

func session() {
	here, there := net.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	go values(ctx, here)
	there.Write([]byte(`{"a": 1}`))
	time.Sleep(5 * time.Millisecond)
	cancel()
}

func main() {
	for range 2 {
		session()
	}
	judge.Report()
}
