package p

import (
	"sync/atomic"
	"time"
)

func never() {
	ch := make(chan int)
	go func() { <-ch }() // WANT: dead: nobody raises it; dead in no goroutine: nobody raises it
}

func itself() {
	ch := make(chan int)
	go func() {
		<-ch // WANT: dead: only itself raises it
		close(ch)
	}()
}

func ranges() {
	ch := make(chan int)
	go func() {
		for range ch { // WANT: dead: nobody closes it
		}
	}()
	ch <- 1
}

type poller struct{ stop, over atomic.Bool }

func (p *poller) run() {
	for !p.stop.Load() { // WANT: dead: nobody sets the flag
		time.Sleep(time.Second)
	}
}

func (p *poller) runToo() {
	for !p.over.Load() {
		time.Sleep(time.Second)
	}
}

func Poll() {
	p := &poller{}
	go p.run()
	go p.runToo()
	p.over.Store(true)
}

func localFlag() {
	stop := false
	go func() {
		for !stop { // WANT: dead: nobody sets the flag
			time.Sleep(time.Second)
		}
	}()
}

func setFlag() {
	stop := false
	go func() {
		for !stop {
			time.Sleep(time.Second)
		}
	}()
	stop = true
}

// No goroutine runs it, and it waits for what nobody sends.
func inNone() {
	ch := make(chan int)
	<-ch // WANT: dead in no goroutine: nobody raises it
}

// Those who send return, and nobody closes.
func left(list []int) {
	ch := make(chan int)
	for _, n := range list {
		go func() { ch <- n }()
	}
	for range ch { // WANT: dead in no goroutine: who sends returns
	}
}

// If the value of the timer has been received, the drain waits for another.
func drains(in <-chan int) int {
	t := time.NewTimer(time.Second)
	defer func() {
		if !t.Stop() {
			<-t.C // WANT: drains in vain
		}
	}()
	select {
	case <-t.C:
		return 0
	case n := <-in:
		return n
	}
}
