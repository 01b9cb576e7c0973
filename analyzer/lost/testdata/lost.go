package p

import (
	"context"
	"io"

	"golang.org/x/sync/errgroup"
)

// It goes on when the function that starts it is told to stop.
func severs(ctx context.Context, each func(context.Context)) {
	go func() {
		child := context.Background()
		for child.Err() == nil {
			each(child) // WANT: severed from ctx
		}
	}()
	go lasting(context.TODO(), each)
	go lasting(ctx, each)
	<-ctx.Done()
}

func lasting(ctx context.Context, each func(context.Context)) {
	for {
		select {
		case <-ctx.Done():
			return
		default:
			each(ctx)
		}
	}
}

// It learns of the stop, and goes round again.
func misses(ctx context.Context, in chan int, r io.Reader) {
	go func() {
		for {
			select {
			case <-ctx.Done(): // WANT: a case, and the loop goes round again: ctx.Done()
			case <-in:
			}
		}
	}()
	go func() {
		for {
			select {
			case <-ctx.Done():
				break // WANT: a break, and the loop goes round again: ctx.Done()
			case <-in:
			}
		}
	}()
	go func() {
		for {
			if _, err := r.Read(nil); err == io.EOF { // WANT: an error, and the loop goes round again: io.EOF
				continue
			}
			println()
		}
	}()
}

func loses(ctx context.Context) {
	one, cancel := context.WithCancel(ctx)
	go lasting(one, nil)
	two, cancel := context.WithCancel(ctx) // WANT: overwrites cancel
	go lasting(two, nil)
	cancel()
}

// The first error of the group does not stop the second.
func leaves(ctx context.Context) error {
	group, own := errgroup.WithContext(ctx)
	group.Go(func() error { return wait(own) })
	group.Go(func() error { return wait(ctx) }) // WANT: leaves its group
	return group.Wait()
}

func wait(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}
