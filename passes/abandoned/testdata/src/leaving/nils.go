package leaving

import "time"

type answer struct{ n int }

func (a *answer) read() int { return a.n }

func (a *answer) known() bool { return a != nil && a.n > 0 }

// Without the answer the function panics: it returns only if it has received.
func indexOk(get func() []answer, fail func(string)) int {
	c := make(chan []answer)
	go func() { c <- get() }()
	var as []answer
	select {
	case as = <-c:
	case <-time.After(time.Second):
		fail("timed out")
	}
	return as[0].n
}

func methodOk(get func() *answer, fail func(string)) int {
	c := make(chan *answer)
	go func() { c <- get() }()
	var a *answer
	select {
	case a = <-c:
	case <-time.After(time.Second):
		fail("timed out")
	}
	return a.read()
}

// The nil answer is dealt with.
func testedBad(get func() []answer, fail func(string)) int {
	c := make(chan []answer)
	go func() { c <- get() }() // want `can return without receiving from c`
	var as []answer
	select {
	case as = <-c:
	case <-time.After(time.Second):
		fail("timed out")
	}
	if len(as) == 0 {
		return 0
	}
	return as[0].n
}

func toleratedBad(get func() *answer, fail func(string)) bool {
	c := make(chan *answer)
	go func() { c <- get() }() // want `can return without receiving from c`
	var a *answer
	select {
	case a = <-c:
	case <-time.After(time.Second):
		fail("timed out")
	}
	return a.known()
}

// It uses another value than the answer.
func otherBad(get func() *answer, other *answer, fail func(string)) int {
	c := make(chan *answer)
	go func() { c <- get() }() // want `can return without receiving from c`
	a := other
	select {
	case a = <-c:
	case <-time.After(time.Second):
		fail("timed out")
	}
	return a.read()
}
