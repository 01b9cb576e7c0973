// Package seats holds channels that hold tokens: who has filled one has waited for all who had one.
package seats

import "sync"

// A desk takes notes until it is told to leave.
type desk struct {
	notes chan int
	leave chan struct{}
	sum   int
}

func newDesk(notes chan int) *desk { return &desk{notes: notes, leave: make(chan struct{})} }

func (d *desk) start() {
	go func() {
		for {
			select {
			case <-d.leave:
				return
			case n := <-d.notes:
				d.sum += n
			}
		}
	}()
}

func (d *desk) shutdown() { d.leave <- struct{}{} }

// An office has as many clerks as it has seats, and waits until all seats are free.
type office struct {
	seats chan struct{}
	notes chan int
	quit  chan struct{}
	done  chan struct{}
	once  sync.Once
	next  func() int
}

func newOffice(n int, notes chan int, next func() int) *office {
	return &office{seats: make(chan struct{}, n), notes: notes, quit: make(chan struct{}), done: make(chan struct{}), next: next}
}

func (o *office) stop() {
	o.once.Do(func() {
		close(o.quit)
		o.done <- struct{}{}
	})
}

func (o *office) shutdown() {
	o.stop()
	for i := 0; i < cap(o.seats); i++ {
		o.seats <- struct{}{}
	}
}

func (o *office) start() {
	go func() {
		for {
			select {
			case <-o.done:
				return
			default:
				o.hire()
			}
		}
	}()
}

func (o *office) hire() {
	select {
	case <-o.quit:
	case o.seats <- struct{}{}:
		o.notes <- 1
		go func() {
			defer func() {
				o.notes <- 2
				<-o.seats
			}()
			o.write(o.next())
		}()
	}
}

func (o *office) write(n int) { o.notes <- n }

// A House closes the office before the desk.
type House struct {
	desk   *desk
	office *office
}

func NewHouse(n int, next func() int) *House {
	notes := make(chan int)
	h := &House{desk: newDesk(notes), office: newOffice(n, notes, next)}
	h.desk.start()
	h.office.start()
	return h
}

func (h *House) Shutdown() {
	h.office.shutdown()
	h.desk.shutdown()
}

// A shop is the same, with a constant and a token that is taken without a choice.
type shop struct {
	seats chan struct{}
	notes chan int
	leave chan struct{}
	sum   int
}

func OpenShop(next func() int) *shop {
	s := &shop{seats: make(chan struct{}, 3), notes: make(chan int), leave: make(chan struct{})}
	go s.count()
	s.seats <- struct{}{}
	go s.sell(next)
	return s
}

func (s *shop) count() {
	for {
		select {
		case n := <-s.notes:
			s.sum += n
		case <-s.leave:
			return
		}
	}
}

func (s *shop) sell(next func() int) {
	defer s.free()
	s.notes <- next()
}

func (s *shop) free() { <-s.seats }

func (s *shop) close() {
	for range 3 {
		s.seats <- struct{}{}
	}
	close(s.leave)
}

func UseShop(next func() int) { OpenShop(next).close() }

// A stall gives its token back before it sends.
type stall struct {
	seats chan struct{}
	notes chan int
	leave chan struct{}
	sum   int
}

func openStall(next func() int) *stall {
	s := &stall{seats: make(chan struct{}, 3), notes: make(chan int), leave: make(chan struct{})}
	go s.count()
	s.seats <- struct{}{}
	go s.sellBad(next)
	return s
}

func (s *stall) count() {
	for {
		select {
		case n := <-s.notes:
			s.sum += n
		case <-s.leave:
			return
		}
	}
}

func (s *stall) sellBad(next func() int) {
	<-s.seats
	s.notes <- next() // want `the receiver of s.notes can leave first, by its case s.leave`
}

func (s *stall) close() {
	for i := 0; i < cap(s.seats); i++ {
		s.seats <- struct{}{}
	}
	close(s.leave)
}

func UseStall(next func() int) { openStall(next).close() }
