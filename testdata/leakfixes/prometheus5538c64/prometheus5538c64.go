// Package prometheus5538c64 is after prometheus 5538c64e8eda: the web handler
// serves in a goroutine and leaves when its context ends.
package prometheus5538c64

import (
	"context"
	"net"
	"net/http"
)

// RunBad serves until ctx ends.
func RunBad(ctx context.Context, ln net.Listener, h http.Handler) error {
	srv := &http.Server{Handler: h}
	errCh := make(chan error)
	go func() {
		errCh <- srv.Serve(ln)
	}()
	select {
	case err := <-errCh:
		return err
	case <-ctx.Done():
		srv.Shutdown(ctx)
		return nil
	}
}

// RunOk serves until ctx ends.
func RunOk(ctx context.Context, ln net.Listener, h http.Handler) error {
	srv := &http.Server{Handler: h}
	errCh := make(chan error, 1)
	go func() {
		errCh <- srv.Serve(ln)
	}()
	select {
	case err := <-errCh:
		return err
	case <-ctx.Done():
		srv.Shutdown(ctx)
		return nil
	}
}
