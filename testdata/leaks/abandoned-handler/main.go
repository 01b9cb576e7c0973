// Command abandoned-handler answers requests from a slow backend. A client that
// goes away leaves the call behind.
package main

import (
	"context"
	"fmt"
	"time"

	"example.com/leaks/judge"
)

type server struct{ backend time.Duration }

func (s *server) load(id int) string {
	time.Sleep(s.backend)
	return fmt.Sprint("item ", id)
}

func (s *server) handle(ctx context.Context, id int) (string, error) {
	type result struct {
		text string
		err  error
	}
	results := make(chan result)
	go func() {
		text := s.load(id)
		results <- result{text, nil}
	}()
	select {
	case r := <-results:
		return r.text, r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func main() {
	for range 2 {
		s := &server{backend: 10 * time.Millisecond}
		for id := range 2 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
			fmt.Println(s.handle(ctx, id))
			cancel()
		}
	}
	judge.Report()
}
