package turns

import (
	"bufio"
	"context"
	"io"
	"sync"
)

// stepsOk reads a line only when the one before has been told to be done with: an error
// of the reader comes before it gives a line, not after.
func stepsOk(r io.Reader, handle func(string) bool) {
	lines, done := make(chan string), make(chan int)
	b := bufio.NewReader(r)
	go func() {
		for {
			line, err := b.ReadString('\n')
			if err != nil {
				close(lines)
				return
			}
			lines <- line
			<-done
		}
	}()
	go func() {
		for line := range lines {
			handle(line)
			done <- 1
		}
	}()
}

// stepsBad looks for an error between the two.
func stepsBad(r io.Reader, check func() error, handle func(string) bool) {
	lines, done := make(chan string), make(chan int)
	b := bufio.NewReader(r)
	go func() {
		for {
			line, err := b.ReadString('\n')
			if err != nil {
				close(lines)
				return
			}
			lines <- line
			if err := check(); err != nil {
				close(lines)
				return
			}
			<-done
		}
	}()
	go func() {
		for line := range lines {
			handle(line)
			done <- 1 // want "the receiver of done can leave first, because of an error"
		}
	}()
}

// collectBad gives the lock back in each branch, before it sends.
func collectBad(ctx context.Context, in chan int, most int) {
	var mu sync.Mutex
	var all []int
	full := make(chan struct{})
	go func() {
		for {
			select {
			case <-full:
				mu.Lock()
				all = nil
				mu.Unlock()
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case n := <-in:
				mu.Lock()
				all = append(all, n)
				if len(all) == most {
					mu.Unlock()
					full <- struct{}{} // want "the receiver of full can leave first"
				} else {
					mu.Unlock()
				}
			}
		}
	}()
}

func Collect(ctx context.Context, in chan int) { collectBad(ctx, in, 9) }

// Who raises the stop waits for all that is under way.

type manager struct {
	working   sync.WaitGroup
	requests  chan int
	responses chan int
	fini      chan struct{}
}

func NewManager(in chan int, handle func(int) int) *manager {
	m := &manager{requests: make(chan int), responses: make(chan int), fini: make(chan struct{})}
	go m.controller()
	go func() {
		for n := range in {
			m.incomingOk(n)
		}
		m.Close()
	}()
	go func() {
		for n := range in {
			m.readyOk(handle(n))
		}
	}()
	return m
}

func (m *manager) incomingOk(n int) {
	m.working.Add(1)
	m.requests <- n
}

func (m *manager) readyOk(n int) {
	m.responses <- n
	m.working.Done()
}

func (m *manager) controller() {
	for {
		select {
		case <-m.requests:
		case <-m.responses:
		case <-m.fini:
			return
		}
	}
}

func (m *manager) Close() {
	m.working.Wait()
	close(m.fini)
}

// The same without a look at what is under way.

type hasty struct {
	responses chan int
	fini      chan struct{}
}

func NewHasty(in chan int) *hasty {
	h := &hasty{responses: make(chan int), fini: make(chan struct{})}
	go h.controller()
	go func() {
		for n := range in {
			h.readyBad(n)
		}
	}()
	return h
}

func (h *hasty) readyBad(n int) {
	h.responses <- n // want "the receiver of h.responses can leave first"
}

func (h *hasty) controller() {
	for {
		select {
		case <-h.responses:
		case <-h.fini:
			return
		}
	}
}

func (h *hasty) Close() { close(h.fini) }

// One message is out at a time: the next is handed out when that is told to be done.

type queue struct {
	in   chan string
	out  chan string
	done chan int
	quit chan struct{}
}

func NewQueue(write func(string)) *queue {
	q := &queue{make(chan string), make(chan string, 1), make(chan int, 1), make(chan struct{})}
	go q.hand()
	go q.writeOk(write)
	return q
}

func (q *queue) hand() {
	waiting := false
	var all []string
	for {
		select {
		case s := <-q.in:
			if waiting {
				all = append(all, s)
				continue
			}
			q.out <- s
			waiting = true
		case <-q.done:
			if waiting = len(all) > 0; waiting {
				q.out <- all[0]
				all = all[1:]
			}
		case <-q.quit:
			return
		}
	}
}

func (q *queue) writeOk(write func(string)) {
	for {
		select {
		case s := <-q.out:
			write(s)
			q.done <- 1
		case <-q.quit:
			return
		}
	}
}

func (q *queue) Put(s string) {
	select {
	case q.in <- s:
	case <-q.quit:
	}
}

func (q *queue) Close() { close(q.quit) }

// Who has the request can call it off, nobody else: while it sends the job, it does not.

type hand struct {
	job  chan int
	done chan int
	off  func()
}

type slave struct {
	hands chan hand
	off   chan struct{}
	stop  chan struct{}
}

func NewSlave(work func(int) int) *slave {
	s := &slave{make(chan hand), make(chan struct{}), make(chan struct{})}
	go s.run(work)
	return s
}

func (s *slave) callOff() { close(s.off) }

func (s *slave) run(work func(int) int) {
	defer close(s.hands)
	job, done := make(chan int), make(chan int)
	for {
		select {
		case s.hands <- hand{job, done, s.callOff}:
			select {
			case n := <-job:
				n = work(n)
				select {
				case done <- n:
				case <-s.off:
					s.off = make(chan struct{})
				}
			case <-s.off:
				s.off = make(chan struct{})
			}
		case <-s.stop:
			return
		}
	}
}

func (s *slave) doOk(n int) int {
	h, ok := <-s.hands
	if !ok {
		return 0
	}
	h.job <- n
	return <-h.done
}

func (s *slave) DoBy(n int, late chan int) int {
	h, ok := <-s.hands
	if !ok {
		return 0
	}
	select {
	case h.job <- n:
	case <-late:
		h.off()
		return 0
	}
	select {
	case n = <-h.done:
		return n
	case <-late:
		h.off()
		return 0
	}
}

func (s *slave) Go(n int, use func(int)) {
	go func() { use(s.doOk(n)) }()
}

func (s *slave) Stop() { close(s.stop) }

// Who leaves closes the channel whenever he does: a late send panics, which is another
// fault.
func closesOk(start func() error, answer func() string) (string, error) {
	errs, got := make(chan error), make(chan string)
	defer func() {
		close(errs)
		close(got)
	}()
	go func() {
		if s := answer(); s == "" {
			errs <- errLate
		} else {
			got <- s
		}
	}()
	if err := start(); err != nil {
		return "", err
	}
	select {
	case err := <-errs:
		return "", err
	case s := <-got:
		return s, nil
	}
}

func Closes(start func() error) { closesOk(start, func() string { return "" }) }
