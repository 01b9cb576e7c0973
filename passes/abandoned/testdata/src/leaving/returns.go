package leaving

import "errors"

// Two goroutines and two channels, and one return that ends all.
func TwoBad(names []string, look func(string) (int, error)) (sum int, err error) {
	values, failures := make(chan int), make(chan error)

	// The first half.
	go func() {
		for _, name := range names[:len(names)/2] {
			v, err := look(name)
			if err != nil {
				failures <- err // want `cannot end its send`
				continue
			}
			values <- v // want `cannot end its send`
		}
	}()
	go func() {
		for _, name := range names[len(names)/2:] {
			v, _ := look(name)
			values <- v // want `cannot end its send`
		}
	}()
	for range names {
		select {
		case v := <-values:
			sum += v
		case err := <-failures:
			return 0, err
		}
	}
	return sum, nil
}

// The name is in use.
func NameBad(names []string, look func(string) int) (done bool) {
	values := make(chan int)
	go func() {
		for _, name := range names {
			values <- look(name) // want `cannot end its send`
		}
	}()
	for range names {
		if <-values == 0 {
			return done
		}
		done = true
	}
	return done
}

// A method, whose goroutine counts its work.
type tally struct{ n int }

func (t *tally) fillBad(parts [][]int, check func(int) error) error {
	out := make(chan int)
	for _, part := range parts {
		go func() {
			defer t.add()
			for _, v := range part {
				out <- v // want `cannot end its send`
			}
		}()
	}
	for range len(parts) {
		if check(<-out) != nil {
			return errors.New("no")
		}
	}
	return nil
}

func (t *tally) add() { t.n++ }
