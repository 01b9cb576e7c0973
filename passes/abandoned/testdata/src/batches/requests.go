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
