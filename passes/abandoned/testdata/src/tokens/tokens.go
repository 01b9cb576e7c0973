// Package tokens holds sends that there is no room for.
package tokens

import "sync"

func NeverBad(work func()) {
	sem := make(chan struct{}, 1)
	sem <- struct{}{}
	go func() {
		sem <- struct{}{} // want `comes only after a wait for this send`
		work()
		<-sem
	}()
}

func TwiceBad(work func()) {
	sem := make(chan struct{}, 1)
	sem <- struct{}{}
	go func() {
		sem <- struct{}{}
		sem <- struct{}{} // want `comes only after a wait for this send`
		work()
		<-sem
	}()
	<-sem
}

func OrderBad(work func()) {
	sem, done := make(chan struct{}, 1), make(chan struct{})
	sem <- struct{}{}
	go func() {
		defer close(done)
		sem <- struct{}{} // want `comes only after a wait for this send`
		work()
		<-sem
	}()
	<-done
	<-sem
}

type gate struct{ sem chan struct{} }

func NewGate(work func()) *gate {
	g := &gate{make(chan struct{}, 1)}
	g.sem <- struct{}{}
	go g.runBad(work)
	return g
}

func (g *gate) runBad(work func()) {
	g.sem <- struct{}{} // want `comes only after a wait for this send`
	work()
	<-g.sem
}

func FreedOk(work func()) {
	sem := make(chan struct{}, 1)
	sem <- struct{}{}
	go func() {
		sem <- struct{}{}
		work()
		<-sem
	}()
	<-sem
}

func RoomOk(work func()) {
	sem := make(chan struct{}, 2)
	sem <- struct{}{}
	go func() {
		sem <- struct{}{}
		work()
		<-sem
	}()
}

func TwiceOk(work func()) {
	sem := make(chan struct{}, 1)
	sem <- struct{}{}
	go func() {
		sem <- struct{}{}
		<-sem
		sem <- struct{}{}
		work()
		<-sem
	}()
	<-sem
}

// One way alone takes the token before.
func WaysBad(work func(), first bool) {
	sem := make(chan struct{}, 1)
	if first {
		sem <- struct{}{}
	}
	go func() {
		sem <- struct{}{} // want `goroutine can wait for ever: on one way through WaysBad nothing is left that could end this`
		work()
		<-sem
	}()
}

func ManyOk(work []func()) {
	sem := make(chan struct{}, 2)
	for _, w := range work {
		sem <- struct{}{}
		go func() {
			w()
			<-sem
		}()
	}
	sem <- struct{}{}
	sem <- struct{}{}
}

func LoopOk(work func(), n int) {
	sem := make(chan struct{}, 1)
	sem <- struct{}{}
	go func() {
		sem <- struct{}{}
		sem <- struct{}{}
		work()
	}()
	for range n {
		<-sem
	}
}

type lock struct{ c chan struct{} }

func (l *lock) Take() { l.c <- struct{}{} }
func (l *lock) Give() { <-l.c }

func LockOk(work func()) {
	l := &lock{make(chan struct{}, 1)}
	l.Take()
	go func() {
		l.Take()
		work()
		l.Give()
	}()
	l.Give()
}

// Each round starts one that gives the token back.
func EachRoundOk(jobs []int, work func(int)) {
	go func() {
		for len(jobs) > 0 {
			var wg sync.WaitGroup
			sem := make(chan struct{}, 4)
			for _, j := range jobs {
				wg.Add(1)
				sem <- struct{}{}
				go func() {
					defer wg.Done()
					defer func() { <-sem }()
					work(j)
				}()
			}
			wg.Wait()
		}
	}()
}

func NoRoomBad(jobs []int, work func(int)) {
	go func() {
		sem := make(chan struct{})
		for _, j := range jobs {
			sem <- struct{}{} // want "it starts what receives from sem only after this send"
			go func() {
				work(j)
				<-sem
			}()
		}
	}()
}
