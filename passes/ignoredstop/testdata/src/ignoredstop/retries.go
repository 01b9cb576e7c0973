package ignoredstop

import (
	"context"
	"errors"
	"net"
	"time"
)

func knock(door string) error {
	if door == "" {
		return errors.New("nobody is there")
	}
	return nil
}

// A function is given a context by its callers, and tries until it works.
func KnockBad(ctx context.Context, door string) error {
	for { // want `function does not stop while it retries: the loop ends only when the work succeeds, and ctx is in reach`
		if err := knock(door); err == nil {
			return nil
		}
		time.Sleep(time.Second)
	}
}

func ConnectBad(ctx context.Context, address string) net.Conn {
	pause := time.Second
	for { // want `function does not stop while it retries: the loop ends only when the work succeeds, and ctx is in reach`
		c, err := net.Dial("tcp", address)
		if err == nil {
			return c
		}
		time.Sleep(pause)
		pause *= 2
	}
}

func KnockOk(ctx context.Context, door string) error {
	for {
		if err := knock(door); err == nil {
			return nil
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func KnockLookOk(ctx context.Context, door string) error {
	for ctx.Err() == nil {
		if err := knock(door); err == nil {
			return nil
		}
		time.Sleep(time.Second)
	}
	return ctx.Err()
}

// The work is given the context, and may end for it.
func KnockGivenOk(ctx context.Context, knock func(context.Context) error) {
	for {
		if err := knock(ctx); err == nil {
			return
		}
		time.Sleep(time.Second)
	}
}
