package unreleased

import "errors"

var errEarly = errors.New("early")

// passedOk waits for the second only when the goroutine is past its return.
func passedOk(get func() error, done chan<- bool) {
	got, put := make(chan struct{}), make(chan struct{})
	go func() {
		if err := get(); err != nil {
			done <- false
			close(got)
			close(put)
			return
		}
		close(got)
		done <- true
		close(put)
	}()
	<-got
	<-put
}

// pastOk can wait for got, but not for put.
func pastBad(get func() error) {
	got, put := make(chan struct{}), make(chan struct{})
	go func() {
		if get() != nil {
			return
		}
		close(got)
		close(put)
	}()
	<-got // want `can wait for ever: the goroutine that alone raises got can return without doing so`
	<-put
}

// beforeBad gets the first before the return.
func beforeBad(get func() error) {
	got, put := make(chan struct{}), make(chan struct{})
	go func() {
		close(got)
		if get() != nil {
			return
		}
		close(put)
	}()
	<-got
	<-put // want `can wait for ever: the goroutine that alone raises put can return without doing so`
}

// ownOk asks the goroutine to return only when it has got the answer.
func ownOk(get func(int)) {
	stop, got := make(chan struct{}), make(chan int)
	defer close(stop)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			get(i)
			got <- i
		}
	}()
	get(<-got)
}

// otherBad lets somebody else ask for that.
func otherBad(get func(int), stop chan struct{}) {
	got := make(chan int)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			get(i)
			got <- i
		}
	}()
	get(<-got) // want `can wait for ever: the goroutine that alone raises got can return without doing so`
}

func usePassed(get func() error, each func(int), done chan bool) {
	passedOk(get, done)
	pastBad(get)
	beforeBad(get)
	ownOk(each)
	stop := make(chan struct{})
	go func() { close(stop) }()
	otherBad(each, stop)
}
