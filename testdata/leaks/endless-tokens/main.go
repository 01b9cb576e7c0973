// Command endless-tokens fills a bucket with tokens. Nothing ends the goroutine
// that does.
package main

import (
	"time"

	"example.com/leaks/judge"
)

type bucket struct {
	tokens chan struct{}
	used   int
}

func newBucket(every time.Duration) *bucket {
	b := &bucket{tokens: make(chan struct{})}
	go b.fill(every)
	return b
}

func (b *bucket) fill(every time.Duration) {
	for {
		b.tokens <- struct{}{}
		time.Sleep(every)
	}
}

func (b *bucket) take() {
	<-b.tokens
	b.used++
}

// Close ends the use of the bucket.
func (b *bucket) Close() { b.used = 0 }

func main() {
	for range 2 {
		b := newBucket(time.Millisecond)
		b.take()
		b.take()
		b.Close()
	}
	judge.Report()
}
