// Package etcd2b4c37f is after etcd 2b4c37f54a6d: a stream of the watch proxy
// ends and leaves the channels open that its sender reads.
package etcd2b4c37f

type stream interface {
	Send(string) error
	Recv() (string, error)
}

type watchStreamBad struct {
	stream  stream
	watchCh chan string
	ctrlCh  chan string
}

// WatchBad serves a stream.
func WatchBad(st stream) error {
	s := &watchStreamBad{stream: st, watchCh: make(chan string, 8), ctrlCh: make(chan string, 8)}
	go s.forward(s.watchCh)
	go s.forward(s.ctrlCh)
	return s.recvLoop()
}

func (s *watchStreamBad) forward(ch chan string) {
	for m := range ch {
		if s.stream.Send(m) != nil {
			return
		}
	}
}

func (s *watchStreamBad) recvLoop() error {
	for {
		m, err := s.stream.Recv()
		if err != nil {
			return err
		}
		select {
		case s.ctrlCh <- m:
		default:
		}
	}
}

type watchStreamOk struct {
	stream  stream
	watchCh chan string
	ctrlCh  chan string
}

// WatchOk serves a stream.
func WatchOk(st stream) error {
	s := &watchStreamOk{stream: st, watchCh: make(chan string, 8), ctrlCh: make(chan string, 8)}
	defer s.close()
	go s.forward(s.watchCh)
	go s.forward(s.ctrlCh)
	return s.recvLoop()
}

func (s *watchStreamOk) close() {
	close(s.watchCh)
	close(s.ctrlCh)
}

func (s *watchStreamOk) forward(ch chan string) {
	for m := range ch {
		if s.stream.Send(m) != nil {
			return
		}
	}
}

func (s *watchStreamOk) recvLoop() error {
	for {
		m, err := s.stream.Recv()
		if err != nil {
			return err
		}
		select {
		case s.ctrlCh <- m:
		default:
		}
	}
}
