package unreleased

// A wait that is done only if there is a channel: only tests make one.

type hooked struct{ before, after chan struct{} }

func newHooked() *hooked { h := &hooked{}; go h.runOk(); go h.runBad(); return h }

func (h *hooked) runOk() {
	if h.before != nil {
		<-h.before
	}
	if h.before == nil {
		return
	}
	<-h.before
}

func (h *hooked) runBad() {
	if h.before == nil {
		<-h.after // want "h.after is never made, and a nil channel never wakes anybody"
	}
}

// Request and answer: who has taken the request answers it.

type clerk struct{ requests, answers, end chan int }

func newClerk() *clerk {
	c := &clerk{make(chan int), make(chan int), make(chan int)}
	go c.serve()
	return c
}

func (c *clerk) serve() {
	for {
		select {
		case n := <-c.requests:
			c.answers <- n + 1
		case <-c.end:
			return
		}
	}
}

func (c *clerk) askOk(n int) int {
	select {
	case c.requests <- n:
		return <-c.answers
	case <-c.end:
		return 0
	}
}

func (c *clerk) close() { close(c.end) }

func useClerk() int {
	c := newClerk()
	defer c.close()
	return c.askOk(1)
}
