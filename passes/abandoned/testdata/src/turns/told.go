package turns

import "time"

// The value is taken before the deferred close tells the same select something else: room for
// it would let the close be seen first, so no capacity is offered.
func startBad(open func() (*int, error), late chan int) (*int, error) {
	failed := make(chan error)
	started := make(chan *int)
	go func() {
		defer close(started)
		p, err := open()
		if err != nil {
			failed <- err // want "the function that started it can return without receiving from failed"
			return
		}
		started <- p // want "the function that started it can return without receiving from started"
	}()
	select {
	case err := <-failed:
		return nil, err
	case p := <-started:
		return p, nil
	case <-time.After(time.Second):
		return nil, errLate
	}
}
