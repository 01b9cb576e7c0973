package batches

import "time"

// A request brings the channel for its answer.
type request struct {
	to chan int
	k  int
}

func answer(in chan request, quit chan struct{}) {
	for {
		select {
		case <-quit:
			return
		case r := <-in:
			r.to <- r.k * 3
		}
	}
}

// Each request has a channel of its own, with room for its answer.
func askOk() {
	in, quit := make(chan request), make(chan struct{})
	go answer(in, quit)
	defer close(quit)
	to := make(chan int, 1)
	in <- request{to: to, k: 4}
	select {
	case <-time.After(time.Second):
	case v := <-to:
		println(v)
	}
}

type pointed struct {
	to chan int
	k  int
}

func askOftenOk() {
	in, quit := make(chan *pointed), make(chan struct{})
	go func() {
		for {
			select {
			case r := <-in:
				r.to <- r.k
			case <-quit:
				return
			}
		}
	}()
	for k := range 3 {
		r := &pointed{make(chan int, 1), k}
		in <- r
		select {
		case <-time.After(time.Second):
		case v := <-r.to:
			println(v)
		}
	}
	close(quit)
}

type shared struct {
	to chan int
	k  int
}

// The same channel goes into three requests, and one answer is taken.
func askThriceBad() {
	in, quit := make(chan *shared), make(chan struct{})
	go func() {
		for {
			select {
			case r := <-in:
				r.to <- r.k // want `goroutine cannot end its send: .*`
			case <-quit:
				return
			}
		}
	}()
	to := make(chan int, 1)
	for k := range 3 {
		in <- &shared{to, k}
	}
	select {
	case <-time.After(time.Second):
	case v := <-to:
		println(v)
	}
	close(quit)
}

type tight struct {
	to chan int
	k  int
}

// There is no room, and who asks may leave.
func askNoRoomBad() {
	in, quit := make(chan tight), make(chan struct{})
	go func() {
		for {
			select {
			case r := <-in:
				r.to <- r.k // want `goroutine cannot end its send: .*`
			case <-quit:
				return
			}
		}
	}()
	to := make(chan int)
	in <- tight{to, 3}
	select {
	case <-time.After(time.Second):
	case v := <-to:
		println(v)
	}
	close(quit)
}

type registration struct {
	id    int
	stop  chan struct{}
	errs  chan error
	begin func() error
}

type registry struct {
	in   chan any
	quit chan struct{}
}

func newRegistry() *registry {
	r := &registry{in: make(chan any), quit: make(chan struct{})}
	go r.serveOk()
	return r
}

// Each registration brings room for the one answer that it gets.
func (r *registry) serveOk() {
	for {
		select {
		case m := <-r.in:
			switch m := m.(type) {
			case *registration:
				if m.begin == nil {
					m.errs <- nil
					continue
				}
				if err := m.begin(); err != nil {
					m.errs <- err
					continue
				}
				m.errs <- nil
			}
		case <-r.quit:
			return
		}
	}
}

func (r *registry) Register(id int, begin func() error) func() {
	reg := &registration{id: id, stop: make(chan struct{}), errs: make(chan error, 1), begin: begin}
	go func() {
		<-reg.stop
		println(reg.id)
	}()
	select {
	case r.in <- reg:
		return func() { close(reg.stop) }
	case <-r.quit:
		return nil
	}
}

func (r *registry) Close() { close(r.quit) }

type doubled struct {
	id   int
	errs chan error
}

type doubler struct {
	in   chan any
	quit chan struct{}
}

func newDoubler() *doubler {
	d := &doubler{in: make(chan any), quit: make(chan struct{})}
	go d.serveBad()
	return d
}

// Two answers for one request.
func (d *doubler) serveBad() {
	for {
		select {
		case m := <-d.in:
			switch m := m.(type) {
			case *doubled:
				m.errs <- nil // want `nothing receives from m.errs`
				m.errs <- nil
			}
		case <-d.quit:
			return
		}
	}
}

func (d *doubler) Register(id int) {
	select {
	case d.in <- &doubled{id, make(chan error, 1)}:
	case <-d.quit:
	}
}

func (d *doubler) Close() { close(d.quit) }

var _, _ = newRegistry, newDoubler

type work struct {
	n    int
	errc chan<- error
}

// Each item has a channel with room, which the list of those who wait has as well.
func eachItemOk(items []int, f func(int) error) error {
	workc := make(chan work, len(items))
	defer close(workc)
	for range 3 {
		go func() {
			for w := range workc {
				w.errc <- f(w.n)
			}
		}()
	}
	var errcs []<-chan error
	for _, n := range items {
		errc := make(chan error, 1)
		errcs = append(errcs, errc)
		workc <- work{n, errc}
	}
	for _, errc := range errcs {
		if err := <-errc; err != nil {
			return err
		}
	}
	return nil
}

type oneForAll struct {
	n    int
	errc chan<- error
}

// All items share one.
func sharedItemBad(items []int, f func(int) error) error {
	workc := make(chan oneForAll, len(items))
	defer close(workc)
	for range 3 {
		go func() {
			for w := range workc {
				w.errc <- f(w.n) // want "with sends on w.errc still to come"
			}
		}()
	}
	errc := make(chan error, 1)
	for _, n := range items {
		workc <- oneForAll{n, errc}
	}
	for range items {
		if err := <-errc; err != nil {
			return err
		}
	}
	return nil
}
