package join

import "sync"

func work() {}

func after() {}

func byGroup() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		work()
	}()
	work()
	wg.Wait()
	after() // WANT: the one of -6 has ended
}

func byChannel() {
	done := make(chan struct{})
	go func() {
		work()
		close(done)
	}()
	<-done
	after() // WANT: the one of -5 has ended
}

// It does something after what it is waited for by.
func tooEarly() {
	done := make(chan struct{})
	go func() {
		close(done)
		work()
	}()
	<-done
	after()
}

func onOneWay(b bool) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	if b {
		<-done
	}
	after()
}

func deferred() {
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(work) // WANT: has ended at the return
	after()
}

func notDeferred() {
	var wg sync.WaitGroup
	wg.Go(work)
	after()
}

// Another goroutine waits for it, and is waited for.
func byAnother() {
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Add(1)
	go func() {
		defer wg.Done()
		work()
	}()
	go func() {
		wg.Wait()
		close(done)
	}()
	<-done
	after() // WANT: the one of -9 has ended; the one of -5 has ended
}

// All tokens are taken, so that it must have given its own back.
func byTokens(list []int) {
	values, quit := make(chan int), make(chan struct{})
	go func() {
		for {
			select {
			case <-values:
			case <-quit:
				return
			}
		}
	}()
	tokens := make(chan struct{}, 3)
	for _, n := range list {
		tokens <- struct{}{}
		go func() {
			values <- n // WANT: has ended before the receiver leaves by the case of -9
			<-tokens
		}()
	}
	for i := 0; i < cap(tokens); i++ {
		tokens <- struct{}{}
	}
	close(quit)
}

// Who stops the receiver has waited for the sender.
type pipe struct {
	values chan int
	quit   chan struct{}
	wg     sync.WaitGroup
}

func start() *pipe {
	p := &pipe{values: make(chan int), quit: make(chan struct{})}
	p.wg.Add(1)
	go p.send()
	go p.receive()
	return p
}

func (p *pipe) send() {
	defer p.wg.Done()
	p.values <- 1 // WANT: has ended before the receiver leaves by the case of +7
}

func (p *pipe) receive() {
	for {
		select {
		case <-p.values:
		case <-p.quit:
			return
		}
	}
}

func (p *pipe) stop() {
	p.wg.Wait()
	close(p.quit)
}

// Who stops the receiver has not waited for the sender.
type hasty struct {
	values chan int
	quit   chan struct{}
}

func startHasty() *hasty {
	h := &hasty{values: make(chan int), quit: make(chan struct{})}
	go h.send()
	go h.receive()
	return h
}

func (h *hasty) send() { h.values <- 1 } // WANT: may go on when the receiver leaves by the case of +6

func (h *hasty) receive() {
	for {
		select {
		case <-h.values:
		case <-h.quit:
			return
		}
	}
}

func (h *hasty) stop() { close(h.quit) }

// It stops the receiver itself, at its end.
func itself() {
	values, quit := make(chan int), make(chan struct{})
	go func() {
		values <- 1 // WANT: has ended before the receiver leaves by the case of +6
		close(quit)
	}()
	for {
		select {
		case <-values:
		case <-quit:
			return
		}
	}
}

// An object that only one field holds.
type owner struct{ in *inner }

type inner struct {
	values chan int
	quit   chan struct{}
	done   chan struct{}
}

func newOwner() *owner {
	o := &owner{in: newInner()}
	go o.in.receive()
	return o
}

func newInner() *inner {
	n := &inner{values: make(chan int), quit: make(chan struct{}), done: make(chan struct{})}
	go n.send()
	return n
}

func (n *inner) send() {
	n.values <- 1 // WANT: has ended before the receiver leaves by the case of +8
	close(n.done)
}

func (n *inner) receive() {
	for {
		select {
		case <-n.values:
		case <-n.quit:
			return
		}
	}
}

func (n *inner) Stop() { close(n.quit) }

func (o *owner) Close() {
	<-o.in.done
	o.in.Stop()
}
