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
		<-done // WANT: the spawner leaves
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
		for range ch { // WANT: the sender leaves
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
	<-done // WANT: the answerer leaves
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
	<-l.done // WANT: the answerer is not started
}

func use(on bool) {
	l := newLoop(on)
	l.start()
	l.stop()
}

func noDone() {
	var wg sync.WaitGroup
	wg.Add(1)
	go try()
	wg.Wait() // WANT: nothing is done
}

func leaves() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if try() != nil {
			return
		}
		wg.Done()
	}()
	wg.Wait() // WANT: a member leaves
}

func allRounds(xs []int) {
	var wg sync.WaitGroup
	wg.Add(len(xs))
	for range xs {
		go func() {
			defer wg.Done()
			try()
		}()
		wg.Wait() // WANT: all rounds are counted
	}
}

func joins(xs []int) {
	var wg sync.WaitGroup
	for range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			try()
		}()
	}
	wg.Wait()
}

func more() error {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		try()
	}()
	wg.Wait() // WANT: more is counted
	return nil
}
