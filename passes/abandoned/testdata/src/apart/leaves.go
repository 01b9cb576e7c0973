package apart

import "context"

func next() (int, error) { return 0, nil }

// The receiver leaves by the stop that both are given, and in no other way.
func collect(stop <-chan struct{}) {
	out := make(chan int)
	go produceBad(out, stop)
	sum := 0
	for {
		select {
		case <-stop:
			return
		case n := <-out:
			sum += n
		}
	}
}

func produceBad(out chan int, stop <-chan struct{}) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-stop
		cancel()
	}()
	for ctx.Err() == nil {
		n, err := next()
		if err != nil {
			continue
		}
		out <- n // want "the function that started it can return without receiving from out, and stop is in reach"
	}
}

func Collect() (end func()) {
	stop := make(chan struct{})
	go collect(stop)
	return func() { close(stop) }
}

type session struct{ out chan int }

// No fix: it also leaves because of an error, when nobody cancels the context.
func (s *session) Serve(ctx context.Context) error {
	lines := make(chan int)
	go s.readBad(ctx, lines)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case n := <-lines:
			if n < 0 {
				return errClosed
			}
			select {
			case s.out <- n:
			default:
			}
		}
	}
}

func (s *session) readBad(ctx context.Context, lines chan<- int) {
	for {
		n, err := next()
		if err != nil {
			return
		}
		lines <- n // want "the function that started it can return with(out receiving from| sends on) lines"
	}
}

// It panics, and waits for nobody.
func CrashOk() {
	ch := make(chan int)
	close(ch)
	ch <- 1
}

func CrashLaterBad() {
	ch := make(chan int)
	defer close(ch)
	ch <- 1 // want "nothing receives from ch"
}
