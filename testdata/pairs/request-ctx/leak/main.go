// Command leak starts a loop in each HTTP request that outlives the request's
// context.
package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type feed struct{ sent atomic.Int64 }

func (f *feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	go func() {
		for {
			f.sent.Add(1)
			time.Sleep(2 * time.Millisecond)
		}
	}()
	select {
	case <-ctx.Done():
	case <-time.After(5 * time.Millisecond):
	}
}

func main() {
	f := new(feed)
	for range 2 {
		ctx, cancel := context.WithCancel(context.Background())
		r := httptest.NewRequestWithContext(ctx, "GET", "/", nil)
		f.ServeHTTP(httptest.NewRecorder(), r)
		cancel()
	}
	judge.Report()
}
