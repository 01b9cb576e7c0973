// Package detached holds fixtures.
package detached

import (
	"context"
	"errors"
	"net"
	"time"

	"golang.org/x/sync/errgroup"
)

func poll(ctx context.Context) {
	for {
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return
		}
	}
}

func startBad(ctx context.Context) {
	go poll(context.Background()) // want "goroutine does not stop with the function that starts it: it gets a context that nobody cancels, although ctx is in reach"
}

func insideBad(ctx context.Context, handle func(context.Context)) {
	go func() {
		for ctx.Err() == nil {
			handle(context.TODO()) // want "handle gets a context that nobody cancels, although ctx is in reach"
		}
	}()
}

func callBad(ctx context.Context) {
	go func() {
		poll(context.Background()) // want "poll gets a context that nobody cancels"
	}()
}

func forwardOk(ctx context.Context) { go poll(ctx) }

func withoutCancelOk(ctx context.Context) { go poll(context.WithoutCancel(ctx)) }

func OwnStopOk(ctx context.Context) context.CancelFunc {
	own, cancel := context.WithCancel(context.Background())
	go poll(own)
	return cancel
}

func timedOk(ctx context.Context) {
	go func() {
		own, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		poll(own)
	}()
}

// The sweep must outlive the request.
func documentedOk(ctx context.Context) { go poll(context.Background()) }

func shortOk(ctx context.Context, send func(context.Context)) {
	go func() { send(context.Background()) }()
}

func cleanupOk(ctx context.Context, flush func(context.Context)) {
	go func() {
		<-ctx.Done()
		for range 3 {
			flush(context.Background())
		}
	}()
}

func groupBad(ctx context.Context, fetch func(context.Context) error) error {
	g, _ := errgroup.WithContext(ctx)
	g.Go(func() error { return errors.New("no") })
	g.Go(func() error {
		return fetch(ctx) // want "goroutine does not stop with its group: fetch gets the context that the group's own was derived from"
	})
	return g.Wait()
}

// Nobody else fails: the context of the group ends with the last one.
func groupOfOneOk(ctx context.Context, fetch func(context.Context) error) error {
	g, _ := errgroup.WithContext(ctx)
	g.Go(func() error { return fetch(ctx) })
	return g.Wait()
}

func givenBad(ctx context.Context, fetch func(context.Context) error, other func() error) error {
	g, _ := errgroup.WithContext(ctx)
	g.Go(func() error {
		return fetch(ctx) // want "goroutine does not stop with its group: fetch gets the context that the group's own was derived from"
	})
	g.Go(other)
	return g.Wait()
}

type cache interface {
	Sync(ctx context.Context) error
}

// It may keep the context, which ends with the group: no fix.
func syncBad(ctx context.Context, a, b cache) error {
	g, _ := errgroup.WithContext(ctx)
	g.Go(func() error {
		return a.Sync(ctx) // want "goroutine does not stop with its group: a.Sync gets the context that the group's own was derived from"
	})
	g.Go(func() error { return b.Sync(context.TODO()) })
	return g.Wait()
}

func neverFailsOk(ctx context.Context, names []string, fetch func(context.Context, string) error) error {
	g, _ := errgroup.WithContext(ctx)
	for _, name := range names {
		g.Go(func() error {
			fetch(ctx, name)
			return nil
		})
	}
	return g.Wait()
}

func groupOk(ctx context.Context, fetch func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return fetch(ctx) })
	return g.Wait()
}

type server struct{}

// The context is for the time that it takes to start.
func newServerOk(ctx context.Context) (*server, error) {
	go poll(context.Background())
	return &server{}, ctx.Err()
}

// What it works on is closed when the function is to stop.

func Listens(ctx context.Context) error {
	ln, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return err
	}
	acceptOk(ctx, ln)
	<-ctx.Done()
	return ln.Close()
}

func acceptOk(ctx context.Context, ln net.Listener) {
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			c = labelled(context.Background(), c)
			c.Close()
		}
	}()
}

func labelled(ctx context.Context, c net.Conn) net.Conn { return c }

// What is called does nothing with its context.

func silentOk(ctx context.Context, in chan int) {
	go func() { report(context.Background(), in) }()
	<-ctx.Done()
}

func report(_ context.Context, in chan int) {
	for v := range in {
		println(v)
	}
}

func loudBad(ctx context.Context, in chan int) {
	go func() {
		tell(context.Background(), in) // want "tell gets a context that nobody cancels"
	}()
	<-ctx.Done()
}

func tell(ctx context.Context, in chan int) {
	for {
		select {
		case v := <-in:
			println(v)
		case <-ctx.Done():
			return
		}
	}
}

// Who only says something does not wait.
type logger interface {
	LogDebug(ctx context.Context, text string)
}

func saysOk(ctx context.Context, l logger, in <-chan string) {
	go func() {
		for text := range in {
			l.LogDebug(context.Background(), text)
		}
	}()
}
