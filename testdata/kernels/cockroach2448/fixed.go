// Package cockroach2448 is a fixed form: events are queued, so that the raft
// loop can serve callbacks while an event waits; and the stopper is closed.
package cockroach2448

type stopper struct{ done chan bool }

func (s *stopper) shouldStop() <-chan bool { return s.done }
func (s *stopper) Stop()                   { close(s.done) }

type committed struct{ callback func() }

type multiRaft struct {
	stopper      *stopper
	events       chan interface{}
	callbackChan chan func()
}

type state struct {
	*multiRaft
	pending []interface{}
}

func (s *state) start() {
	for {
		if len(s.pending) == 0 {
			s.handleWriteResponse()
		}
		select {
		case <-s.stopper.shouldStop():
			return
		case cb := <-s.callbackChan:
			cb()
		case s.events <- s.pending[0]:
			s.pending = s.pending[1:]
		}
	}
}

func (s *state) handleWriteResponse() {
	s.pending = append(s.pending, &committed{callback: func() {
		select {
		case s.callbackChan <- func() {}:
		case <-s.stopper.shouldStop():
		}
	}})
}

type store struct{ multiraft *multiRaft }

func (s *store) processRaft() {
	for {
		select {
		case e := <-s.multiraft.events:
			if e, ok := e.(*committed); ok && e.callback != nil {
				e.callback()
			}
		case <-s.multiraft.stopper.shouldStop():
			return
		}
	}
}

// Run starts both loops and stops them.
func Run() {
	m := &multiRaft{
		stopper:      &stopper{done: make(chan bool)},
		events:       make(chan interface{}),
		callbackChan: make(chan func()),
	}
	s, st := &store{m}, &state{multiRaft: m}
	go s.processRaft()
	go st.start()
	m.stopper.Stop()
}
