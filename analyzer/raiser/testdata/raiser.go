package p

import (
	"os"
	"sync"
)

func try() error { return os.Chdir("/") }

// The function that starts it can return without a raise.
func bySpawner() error {
	done := make(chan struct{})
	go func() {
		<-done // WANT: the spawner leaves at +3
	}()
	if err := try(); err != nil {
		return err
	}
	close(done)
	return nil
}

func bySpawnerAlways() error {
	done := make(chan struct{})
	go func() {
		<-done
	}()
	defer close(done)
	return try()
}

func bySender(xs []int) {
	ch := make(chan int)
	go func() {
		for range ch { // WANT: the sender leaves at +7
			try()
		}
	}()
	for _, x := range xs {
		ch <- x
	}
}

func byAnswerer() {
	done := make(chan struct{})
	go func() {
		if try() != nil {
			return
		}
		close(done)
	}()
	<-done // WANT: the answerer leaves at -4
}

type loop struct {
	quit, done chan struct{}
	on         bool
}

func newLoop(on bool) *loop {
	return &loop{make(chan struct{}), make(chan struct{}), on}
}

func (l *loop) start() {
	if !l.on {
		return
	}
	go func() {
		defer close(l.done)
		<-l.quit
	}()
}

func (l *loop) stop() {
	close(l.quit)
	<-l.done // WANT: the answerer is not started at -10
}

func use(on bool) {
	l := newLoop(on)
	l.start()
	l.stop()
}

type request struct {
	n      int
	answer chan int
}

// Who takes the request can go on to the next without an answer.
func serves(requests chan *request) {
	for r := range requests {
		if try() != nil {
			continue
		}
		r.answer <- r.n
	}
}

func asks() int {
	requests := make(chan *request)
	defer close(requests)
	go serves(requests)
	r := &request{n: 1, answer: make(chan int)}
	requests <- r
	return <-r.answer // WANT: the server goes on at -13
}

// A gate that nothing opens, and one that its maker can leave shut.
func shut() error {
	var gate, free sync.Mutex
	gate.Lock()
	free.Lock()
	go func() {
		gate.Lock() // WANT: nothing opens it
	}()
	go func() {
		free.Lock() // WANT: left shut at +3
	}()
	if err := try(); err != nil {
		return err
	}
	free.Unlock()
	return nil
}
