// Command leak reads a pipe whose writer is silent, with a context that ends.
package main

import (
	"bufio"
	"context"
	"log"
	"os"
	"time"

	"example.com/leaks/judge"
)

func count(ctx context.Context, r *os.File) {
	lines := 0
	in := bufio.NewScanner(r)
	for in.Scan() {
		if ctx.Err() != nil {
			return
		}
		lines++
	}
}

func follow(r *os.File) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go count(ctx, r)
	time.Sleep(5 * time.Millisecond)
}

func main() {
	r, w, err := os.Pipe()
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		follow(r)
	}
	judge.Report()
	w.Close()
	r.Close()
}
