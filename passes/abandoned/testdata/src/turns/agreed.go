package turns

import "time"

type answer struct {
	n   int
	err error
}

// agreedOk leaves because of what it was sent, after which nothing is sent: who sends an
// error ends.
func agreedOk(ask func(chan answer), tick *time.Ticker) error {
	answers := make(chan answer, 1)
	go query(ask, answers)
	sum := 0
	for {
		select {
		case a, ok := <-answers:
			if !ok {
				return nil
			}
			if a.err != nil {
				return a.err
			}
			sum += a.n
		case <-tick.C:
			println(sum)
		}
	}
}

func query(ask func(chan answer), answers chan answer) {
	defer close(answers)
	for i := range 40 {
		n, err := number(i)
		if err != nil {
			answers <- answer{err: err}
			return
		}
		answers <- answer{n: n}
	}
}

func number(i int) (int, error) {
	if i > 30 {
		return 0, errLate
	}
	return i, nil
}

// earlyBad leaves because of an error of its own.
func earlyBad(tell func(int) error) error {
	numbers := make(chan answer, 1)
	go func() {
		defer close(numbers)
		for i := range 40 {
			n, err := number(i)
			if err != nil {
				numbers <- answer{err: err}
				return
			}
			numbers <- answer{n: n} // want "there are 40 sends on numbers, but on one path only 2 of them are taken"
		}
	}()
	for a := range numbers {
		if err := tell(a.n); err != nil {
			return err
		}
	}
	return nil
}

// firstOk sends in the first round, and then has no channel any more.
func firstOk(work func() bool) {
	first := make(chan struct{})
	go func() {
		for {
			more := work()
			if first != nil {
				first <- struct{}{}
				first = nil
			}
			if !more {
				break
			}
		}
	}()
	<-first
}

// eachBad keeps it.
func eachBad(work func() bool) {
	first := make(chan struct{})
	go func() {
		for {
			more := work()
			first <- struct{}{} // want "can return with sends on first still to come"
			if !more {
				break
			}
		}
	}()
	<-first
}
