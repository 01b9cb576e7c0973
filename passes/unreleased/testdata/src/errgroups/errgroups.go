// Package errgroups holds contexts that a group cancels: its wait, and the first of
// its functions that fails.
package errgroups

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"
)

func work() error { return errors.New("fails") }

func until(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}

// The group's other function may fail.
func failsOk() error {
	g, ctx := errgroup.WithContext(context.Background())
	g.Go(func() error {
		until(ctx)
		return nil
	})
	g.Go(func() error { return work() })
	return g.Wait()
}

// The goroutine is none of the group's: the wait ends it.
func waitOk() {
	g, ctx := errgroup.WithContext(context.Background())
	go until(ctx)
	g.Go(func() error { return nil })
	if err := g.Wait(); err != nil {
		panic(err)
	}
}

// The wait stands in a function of its own.
func closureOk() func() error {
	g, ctx := errgroup.WithContext(context.Background())
	go func() {
		<-ctx.Done()
	}()
	return func() error { return g.Wait() }
}

// Pair has fields that others can name.
type Pair struct {
	G   *errgroup.Group
	ctx context.Context
}

// The group is kept, and others may wait for it.
func keptOk() *Pair {
	p := &Pair{}
	p.G, p.ctx = errgroup.WithContext(context.Background())
	go until(p.ctx)
	return p
}

// Nobody waits, and no function fails.
func nobodyBad() {
	g, ctx := errgroup.WithContext(context.Background())
	go func() {
		<-ctx.Done() // want `goroutine waits for ever: the context of ctx.Done\(\) does not end, it is never cancelled`
	}()
	g.Go(func() error { return nil })
}

func nobodyFunction() {
	g, ctx := errgroup.WithContext(context.Background())
	go restBad(ctx)
	g.Go(func() error {
		time.Sleep(time.Second)
		return nil
	})
}

func restBad(ctx context.Context) {
	<-ctx.Done() // want `goroutine waits for ever: the context of ctx.Done\(\) does not end, it is never cancelled`
}

type lonely struct {
	g   *errgroup.Group
	ctx context.Context
}

func newLonely() *lonely {
	l := &lonely{}
	l.g, l.ctx = errgroup.WithContext(context.Background())
	return l
}

func (l *lonely) runBad() {
	<-l.ctx.Done() // want `goroutine waits for ever: the context of l.ctx.Done\(\) does not end, it is never cancelled`
}

// Nobody waits for the group of the object.
func startLonely() {
	l := newLonely()
	go l.runBad()
	l.g.Go(func() error { return nil })
}

type joined struct {
	g   *errgroup.Group
	ctx context.Context
}

func newJoined() *joined {
	j := &joined{}
	j.g, j.ctx = errgroup.WithContext(context.Background())
	return j
}

func (j *joined) runOk() { <-j.ctx.Done() }

func (j *joined) stop() error { return j.g.Wait() }

// A method of the object waits.
func startJoined() {
	j := newJoined()
	go j.runOk()
	j.g.Go(func() error { return nil })
	println(j.stop())
}

type lent struct {
	g   *errgroup.Group
	ctx context.Context
}

func (l *lent) runOk() { <-l.ctx.Done() }

// Code that is not seen gets the group.
func startLent(keep func(*errgroup.Group)) {
	l := &lent{}
	l.g, l.ctx = errgroup.WithContext(context.Background())
	go l.runOk()
	keep(l.g)
}
