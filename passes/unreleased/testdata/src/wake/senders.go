package wake

import "errors"

// Both sends get the stop: one of them stands before a return.
type reporter struct {
	errs chan error
	open bool
}

func newReporter() *reporter {
	r := &reporter{errs: make(chan error), open: true}
	go r.logBad()
	return r
}

func (r *reporter) logBad() {
	for err := range r.errs { // want "nothing closes r.errs"
		println(err.Error())
	}
}

func (r *reporter) Send(n int) {
	if n < 0 {
		r.errs <- errors.New("negative")
		return
	}
	if n > 9 {
		r.errs <- errors.New("too many")
	}
}

func (r *reporter) Close() error {
	r.open = false
	return nil
}

// The send of a function that is no method would wait for ever: the fix is for review.
type feeder struct {
	errs chan error
	open bool
}

func newFeeder() *feeder {
	f := &feeder{errs: make(chan error), open: true}
	go f.logBad()
	return f
}

func (f *feeder) logBad() {
	for err := range f.errs { // want "nothing closes f.errs"
		println(err.Error())
	}
}

func feed(f *feeder, n int) {
	f.errs <- errors.New("one more")
	println(n)
}

func (f *feeder) Close() error {
	f.open = false
	return nil
}

var _, _, _ = newReporter, newFeeder, feed
