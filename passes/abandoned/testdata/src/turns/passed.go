package turns

import "errors"

var errLate = errors.New("late")

// PassedOk starts the second only when the first has told that it has no error.
func PassedOk(first, second func() error, late chan int) error {
	errs, done := make(chan error, 1), make(chan struct{})
	go func() {
		if err := first(); err != nil {
			errs <- err
			return
		}
		done <- struct{}{}
	}()
	select {
	case <-late:
	case err := <-errs:
		panic(err)
	}
	<-done
	go func() {
		if err := second(); err != nil {
			errs <- err
			return
		}
		close(done)
	}()
	select {
	case <-late:
		return errLate
	case err := <-errs:
		return err
	}
}

// TakenOk has taken the first value whenever it starts the second.
func TakenOk(first, second func() error) error {
	errs := make(chan error, 1)
	go func() { errs <- first() }()
	select {
	case err := <-errs:
		if err == nil {
			return nil
		}
	default:
		return errLate
	}
	go func() { errs <- second() }()
	return errLate
}

// TakenBad goes on without the first value.
func TakenBad(first, second func() error) error {
	errs := make(chan error, 1)
	go func() { errs <- first() }() // want `there are 2 sends on errs, but on one path only 1 of them is taken`
	select {
	case err := <-errs:
		if err == nil {
			return nil
		}
	default:
	}
	go func() { errs <- second() }() // want `there are 2 sends on errs, but on one path only 1 of them is taken`
	return errLate
}

// A variable that is given up: room in the first channel is no help then.
func GivenUpBad(ready, shut chan int) {
	errs := make(chan error)
	for {
		select {
		case <-ready:
			go func() {
				errs <- errLate // want `the function that started it can return without receiving from errs`
			}()
		case err := <-errs:
			if err != nil {
				return
			}
		case <-shut:
			errs = nil
			return
		}
	}
}
