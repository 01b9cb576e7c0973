package circles

// The goroutine says that it must not be waited for.

type handler struct {
	stop, done, signals chan struct{}
}

func StartHandler() *handler {
	h := &handler{make(chan struct{}), make(chan struct{}), make(chan struct{}, 1)}
	go h.run()
	return h
}

func (h *handler) run() {
	defer close(h.done)
	select {
	case <-h.signals:
		h.exit(false)
	case <-h.stop:
	}
}

func (h *handler) exit(wait bool) {
	println("exit")
	if wait {
		h.wait()
	}
}

func (h *handler) wait() {
	close(h.stop)
	<-h.done
}

func (h *handler) Signal() { h.signals <- struct{}{} }

func (h *handler) Exit() { h.exit(true) }

type careless struct {
	stop, done, signals chan struct{}
}

func StartCareless() *careless {
	h := &careless{make(chan struct{}), make(chan struct{}), make(chan struct{}, 1)}
	go h.run()
	return h
}

func (h *careless) run() {
	defer close(h.done)
	select {
	case <-h.signals:
		h.exit(true)
	case <-h.stop:
	}
}

func (h *careless) exit(wait bool) {
	println("exit")
	if wait {
		h.waitBad()
	}
}

func (h *careless) waitBad() {
	close(h.stop)
	<-h.done // want "goroutine waits for itself"
}

func (h *careless) Signal() { h.signals <- struct{}{} }

func (h *careless) Exit() { h.exit(true) }
