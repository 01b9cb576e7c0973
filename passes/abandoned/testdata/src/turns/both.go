package turns

// Each round takes one of what the workers send on either channel.
func bothOk(work []int, do func(int) (int, error)) (sum int, first error) {
	feed := make(chan int)
	go func() {
		for _, w := range work {
			feed <- w
		}
		close(feed)
	}()
	good, bad := make(chan int), make(chan error)
	for range 3 {
		go func() {
			for w := range feed {
				n, err := do(w)
				if err != nil {
					bad <- err
				} else {
					good <- n
				}
			}
		}()
	}
	for range work {
		select {
		case n := <-good:
			sum += n
		case err := <-bad:
			if first == nil {
				first = err
			}
		}
	}
	return sum, first
}

func bothBad(work []int, do func(int) (int, error)) (sum int, first error) {
	good, bad := make(chan int), make(chan error)
	for _, w := range work {
		go func() {
			n, err := do(w)
			if err != nil {
				bad <- err // want "goroutine cannot end its send"
			} else {
				good <- n
			}
		}()
	}
	for range work {
		select {
		case n := <-good:
			sum += n
		case err := <-bad:
			return sum, err
		}
	}
	return sum, nil
}
