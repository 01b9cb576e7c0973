// Package errgroup stands in for the real one.
package errgroup

import "context"

type Group struct {
	cancel context.CancelCauseFunc
	err    chan error
}

func WithContext(ctx context.Context) (*Group, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &Group{cancel: cancel}, ctx
}

func (g *Group) Go(f func() error) { _ = f }

func (g *Group) TryGo(f func() error) bool { return f != nil }

func (g *Group) SetLimit(n int) { _ = n }

func (g *Group) Wait() error { return nil }
