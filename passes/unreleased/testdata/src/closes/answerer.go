package closes

import "sync"

type answerer struct {
	quit chan struct{}
	in   chan int
	done chan struct{}
}

func newAnswerer() *answerer {
	return &answerer{quit: make(chan struct{}), in: make(chan int), done: make(chan struct{})}
}

func (a *answerer) run() {
	for {
		select {
		case v := <-a.in:
			if v > 0 {
				return
			}
		case <-a.quit:
			close(a.done)
			return
		}
	}
}

// The object is made by another function than starts its goroutine.
func AnswererBad() {
	a := newAnswerer()
	go a.run()
	for i := range 2 {
		a.in <- i
	}
	close(a.quit)
	<-a.done // want `whoever gets here can wait for ever: the goroutine that alone raises a.done can return without doing so`
}

// A group runs it.
func AnswererGroupBad() {
	var wg sync.WaitGroup
	quit, in, done := make(chan struct{}), make(chan int), make(chan struct{})
	wg.Go(func() {
		for {
			select {
			case v := <-in:
				if v > 0 {
					return
				}
			case <-quit:
				close(done)
				return
			}
		}
	})
	for i := range 2 {
		in <- i
	}
	close(quit)
	<-done // want `whoever gets here can wait for ever: the goroutine that alone raises done can return without doing so`
	wg.Wait()
}

type sure struct {
	quit chan struct{}
	in   chan int
	done chan struct{}
}

func newSure() *sure {
	s := &sure{quit: make(chan struct{}), in: make(chan int), done: make(chan struct{})}
	go s.loop()
	return s
}

func (s *sure) loop() {
	defer close(s.done)
	s.run()
}

func (s *sure) run() {
	for {
		select {
		case v := <-s.in:
			if v > 0 {
				return
			}
		case <-s.quit:
			return
		}
	}
}

// AnswererOk is always told of the end.
func AnswererOk() {
	s := newSure()
	for i := range 2 {
		s.in <- i
	}
	close(s.quit)
	<-s.done
}

type many struct {
	in   chan int
	done chan struct{}
}

func newMany() *many { return &many{make(chan int), make(chan struct{}, 2)} }

func (m *many) run() {
	if <-m.in > 0 {
		return
	}
	m.done <- struct{}{}
}

// ManyOk starts it again: another one may answer.
func ManyOk() {
	m := newMany()
	for range 2 {
		go m.run()
	}
	m.in <- 1
	m.in <- 0
	<-m.done
}
