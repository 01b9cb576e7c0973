package apart

import "context"

// The second one starts only once the first has told that it did not fail.
func laterOk(ctx context.Context, recv func() (int, error), send func(int) error) error {
	got, done, errs := make(chan int, 1), make(chan struct{}), make(chan error, 1)
	go func() {
		v, err := recv()
		if err != nil {
			errs <- err
			return
		}
		got <- v
	}()
	var v int
	select {
	case v = <-got:
		if v == 0 {
			return nil
		}
	case err := <-errs:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
	go func() {
		if err := send(v); err != nil {
			errs <- err
			return
		}
		close(done)
	}()
	select {
	case err := <-errs:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-done:
		return nil
	}
}

// It starts whether the first has failed or not.
func eitherBad(ctx context.Context, recv func() (int, error), send func(int) error) error {
	got, done, errs := make(chan int, 1), make(chan struct{}), make(chan error, 1)
	go func() {
		v, err := recv()
		if err != nil {
			errs <- err // want "there are 2 sends on errs"
		}
		got <- v
	}()
	var v int
	select {
	case v = <-got:
		if v == 0 {
			return nil
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	go func() {
		if err := send(v); err != nil {
			errs <- err // want "there are 2 sends on errs"
			return
		}
		close(done)
	}()
	select {
	case err := <-errs:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-done:
		return nil
	}
}

// The error is taken before the results are closed. With room for it both could be ready,
// and nobody would see it.
func closesNextBad(ctx context.Context, next func() (int, error)) (int, error) {
	vals, errs := make(chan int), make(chan error)
	go func() {
		defer close(vals)
		v, err := next()
		if err != nil {
			errs <- err // want "can return without receiving from errs"
			return
		}
		vals <- v // want "can return without receiving from vals"
	}()
	select {
	case v := <-vals:
		return v, nil
	case err := <-errs:
		return 0, err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
