package uninterruptible

import (
	"context"
	"errors"
	"time"
)

var errNap = errors.New("not yet")

func ring(door string) error {
	if door == "" {
		return errNap
	}
	return nil
}

// A function is given a context by its callers, and sleeps between its tries.
func RingTenBad(ctx context.Context, door string) (err error) {
	for i := 0; i < 10; i++ {
		if err = ring(door); err == nil {
			return nil
		}
		time.Sleep(time.Minute) // want `function cannot stop while it sleeps: ctx does not end time.Sleep, a select on it and a timer would`
	}
	return err
}

func RingManyBad(ctx context.Context, tries int, door string) (err error) {
	for range tries {
		if err = ring(door); err == nil {
			return nil
		}
		time.Sleep(time.Second) // want `function cannot stop while it sleeps: ctx does not end time.Sleep`
	}
	return err
}

func RingSlowerBad(ctx context.Context, door string) (err error) {
	pause := time.Second
	for i := 0; i < 8; i++ {
		if err = ring(door); err == nil {
			break
		}
		time.Sleep(pause) // want `function cannot stop while it sleeps: ctx does not end time.Sleep`
		pause *= 2
	}
	return err
}

func RingAfterBad(ctx context.Context, door string) (err error) {
	for i := 0; i < 10; i++ {
		if err = ring(door); err == nil {
			break
		}
		<-time.After(time.Minute) // want `function cannot stop while it waits for time.After\(time.Minute\): ctx does not end that`
	}
	return err
}

func RingTenOk(ctx context.Context, door string) (err error) {
	for i := 0; i < 10; i++ {
		if err = ring(door); err == nil {
			return nil
		}
		select {
		case <-time.After(time.Minute):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}

// It stops after the round.
func RingLookOk(ctx context.Context, door string) (err error) {
	for i := 0; i < 10 && ctx.Err() == nil; i++ {
		if err = ring(door); err == nil {
			break
		}
		time.Sleep(10 * time.Second)
	}
	return err
}

// Few rounds with short sleeps.
func RingShortOk(ctx context.Context, door string) (err error) {
	for i := 0; i < 3; i++ {
		if err = ring(door); err == nil {
			break
		}
		time.Sleep(time.Second)
	}
	return err
}

// What is given the context ends the loop.
func RingGivenOk(ctx context.Context, ready func(context.Context) (bool, error)) error {
	for {
		ok, err := ready(ctx)
		if ok || err != nil {
			return err
		}
		time.Sleep(5 * time.Second)
	}
}

// A parameter without a name promises nothing.
func RingUnnamedOk(_ context.Context, door string) (err error) {
	for i := 0; i < 10; i++ {
		if err = ring(door); err == nil {
			break
		}
		time.Sleep(time.Minute)
	}
	return err
}
