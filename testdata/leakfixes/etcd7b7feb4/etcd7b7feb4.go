// Package etcd7b7feb4 is after etcd 7b7feb46fcf1: a lease is renewed over HTTP
// in a goroutine, and the caller's context may end first.
package etcd7b7feb4

import (
	"context"
	"io"
	"net/http"
)

// RenewBad renews a lease.
func RenewBad(ctx context.Context, rt http.RoundTripper, req *http.Request) ([]byte, error) {
	var body []byte
	errc := make(chan error)
	go func() {
		resp, err := rt.RoundTrip(req.WithContext(ctx))
		if err != nil {
			errc <- err
			return
		}
		defer resp.Body.Close()
		body, err = io.ReadAll(resp.Body)
		errc <- err
	}()
	select {
	case err := <-errc:
		return body, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// RenewOk renews a lease.
func RenewOk(ctx context.Context, rt http.RoundTripper, req *http.Request) ([]byte, error) {
	var body []byte
	errc := make(chan error, 1)
	go func() {
		resp, err := rt.RoundTrip(req.WithContext(ctx))
		if err != nil {
			errc <- err
			return
		}
		defer resp.Body.Close()
		body, err = io.ReadAll(resp.Body)
		errc <- err
	}()
	select {
	case err := <-errc:
		return body, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
