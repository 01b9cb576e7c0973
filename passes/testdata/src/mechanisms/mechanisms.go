// Package mechanisms holds goroutines that stop, one group for each way to stop
// that real code uses. No check may report anything here.
package mechanisms

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// 1. Bounded work.

func bounded(jobs []func()) {
	go func() {
		for _, job := range jobs {
			job()
		}
	}()
}

func drained(ch chan int) {
	go func() {
		for {
			select {
			case <-ch:
				continue
			default:
			}
			return
		}
	}()
}

// 2. A context in the body, in a field, in a package variable.

func contextDone(ctx context.Context, in <-chan int, use func(int)) {
	go func() {
		for {
			select {
			case v := <-in:
				use(v)
			case <-ctx.Done():
				return
			}
		}
	}()
}

func contextErr(ctx context.Context, step func()) {
	go func() {
		for {
			if ctx.Err() != nil {
				return
			}
			step()
		}
	}()
}

type holder struct {
	ctx    context.Context
	cancel context.CancelFunc
	in     chan int
}

func newHolder() *holder {
	ctx, cancel := context.WithCancel(context.Background())
	h := &holder{ctx: ctx, cancel: cancel, in: make(chan int)}
	go h.run()
	return h
}

func (h *holder) run() {
	for {
		select {
		case v := <-h.in:
			println(v)
		case <-h.ctx.Done():
			return
		}
	}
}

func (h *holder) put(v int) {
	select {
	case h.in <- v:
	case <-h.ctx.Done():
	}
}

func (h *holder) Close() { h.cancel() }

// 3. Close of a field channel in another method or another type.

type hub struct {
	register chan *member
	done     chan struct{}
}

type member struct {
	hub  *hub
	send chan []byte
}

func (h *hub) run() {
	members := make(map[*member]bool)
	for {
		select {
		case m := <-h.register:
			if members[m] {
				delete(members, m)
				close(m.send)
			}
			members[m] = true
		case <-h.done:
			return
		}
	}
}

func (h *hub) Stop() { close(h.done) }

func (m *member) writePump(w io.Writer) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case msg, ok := <-m.send:
			if !ok {
				return
			}
			w.Write(msg)
		case <-t.C:
			if _, err := w.Write(nil); err != nil {
				return
			}
		}
	}
}

func join(h *hub, w io.Writer) {
	m := &member{hub: h, send: make(chan []byte, 1)}
	go m.writePump(w)
	select {
	case h.register <- m:
	case <-h.done:
	}
}

func newHub() *hub {
	h := &hub{register: make(chan *member), done: make(chan struct{})}
	go h.run()
	return h
}

// 4. An I/O error after Close or a deadline.

func reader(c net.Conn, use func([]byte)) {
	defer c.Close()
	go func() {
		buf := make([]byte, 512)
		for {
			n, err := c.Read(buf)
			if err != nil {
				return
			}
			use(buf[:n])
		}
	}()
}

type listener struct {
	l net.Listener
}

func (s *listener) start() {
	go func() {
		for {
			c, err := s.l.Accept()
			if err != nil {
				if errors.Is(err, net.ErrClosed) {
					return
				}
				continue
			}
			go func() {
				defer c.Close()
				io.Copy(io.Discard, c)
			}()
		}
	}()
}

func (s *listener) Close() error { return s.l.Close() }

func scanner(r io.ReadCloser, lines chan<- string) {
	go func() {
		defer close(lines)
		sc := bufio.NewScanner(r)
		for sc.Scan() {
			println(sc.Text())
		}
	}()
}

func deadline(c net.Conn) {
	c.SetReadDeadline(time.Now().Add(time.Second))
	go func() {
		var buf [1]byte
		for {
			if _, err := c.Read(buf[:]); err != nil {
				return
			}
		}
	}()
}

// 5. AfterFunc with a body that runs once.

func later(f func()) *time.Timer {
	return time.AfterFunc(time.Second, func() { f() })
}

func onDone(ctx context.Context, c net.Conn) func() bool {
	return context.AfterFunc(ctx, func() { c.Close() })
}

// 6. Close of a local channel in the spawner or a sibling.

func localClose(items []int, work func(int)) {
	queue := make(chan int)
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for item := range queue {
				work(item)
			}
		}()
	}
	for _, item := range items {
		queue <- item
	}
	close(queue)
	wg.Wait()
}

func siblingClose(produce func(chan<- int), work func(int)) {
	queue := make(chan int)
	go func() {
		defer close(queue)
		queue <- 1
		queue <- 2
	}()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for v := range queue {
			work(v)
		}
	}()
	<-done
}

// 7. The context or its channel goes to an unknown callee.

type informer interface {
	Run(stop <-chan struct{})
	Watch(ctx context.Context) error
}

func handed(ctx context.Context, i informer) {
	go i.Run(ctx.Done())
	go func() {
		for {
			if err := i.Watch(ctx); err != nil {
				return
			}
		}
	}()
}

// 8. A stop channel behind an accessor, an interface or a helper.

type stopper struct{ ch chan struct{} }

func newStopper() *stopper { return &stopper{ch: make(chan struct{})} }

func (s *stopper) stopping() <-chan struct{} { return s.ch }

func (s *stopper) stop() { closeAll(s.ch) }

func closeAll(chans ...chan struct{}) {
	for _, ch := range chans {
		close(ch)
	}
}

func (s *stopper) loop(in <-chan int) {
	go func() {
		for {
			select {
			case <-in:
			case <-s.stopping():
				return
			}
		}
	}()
}

type closer interface{ HasBeenClosed() <-chan struct{} }

func behindInterface(c closer, in <-chan int) {
	go func() {
		for {
			select {
			case <-in:
			case <-c.HasBeenClosed():
				return
			}
		}
	}()
}

// 9. A send that is proved not to block.

func results(n int, work func(int) error) error {
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- work(i) }()
	}
	for range n {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// 10. A timeout.

func timeout(in <-chan int) {
	go func() {
		for {
			select {
			case <-in:
			case <-time.After(time.Minute):
				return
			}
		}
	}()
}

func deadlineContext(work func(context.Context)) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	go func() {
		defer cancel()
		for ctx.Err() == nil {
			work(ctx)
		}
	}()
}

// 11. The context is checked in a callee.

func checkedBelow(ctx context.Context, step func()) {
	go func() {
		for {
			step()
			if err := pause(ctx, time.Second); err != nil {
				return
			}
		}
	}()
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func wholeLoopBelow(ctx context.Context, in <-chan int) {
	go func() {
		consume(ctx, in)
	}()
}

func consume(ctx context.Context, in <-chan int) {
	for {
		select {
		case <-in:
		case <-ctx.Done():
			return
		}
	}
}

// 12. errgroup's context.

func group(ctx context.Context, jobs []int, work func(context.Context, int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	queue := make(chan int)
	g.Go(func() error {
		defer close(queue)
		for _, job := range jobs {
			select {
			case queue <- job:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range 4 {
		g.Go(func() error {
			for job := range queue {
				if err := work(ctx, job); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// 13. Close of a channel that arrives as a parameter.

func leaderLoop(stepDown chan struct{}, in <-chan int) {
	for {
		select {
		case <-in:
		case <-stepDown:
			return
		}
	}
}

func lead(in <-chan int) func() {
	stepDown := make(chan struct{})
	go leaderLoop(stepDown, in)
	return func() { close(stepDown) }
}

func pump(r io.Reader, done chan struct{}) {
	defer close(done)
	s := bufio.NewScanner(r)
	for s.Scan() {
		println(s.Text())
	}
}

func pumps(r io.Reader) {
	done := make(chan struct{})
	go pump(r, done)
	<-done
}

// 14. Serve with Shutdown, and a child process that exits.

type service interface {
	Serve(net.Listener) error
	Shutdown(context.Context) error
}

func serve(ctx context.Context, s service, l net.Listener) error {
	errs := make(chan error, 1)
	go func() { errs <- s.Serve(l) }()
	<-ctx.Done()
	s.Shutdown(context.Background())
	return <-errs
}

func child(name string) error {
	cmd := exec.Command(name)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		io.Copy(io.Discard, out)
	}()
	<-done
	return cmd.Wait()
}

// 15. A send on a stop channel, a polled flag, a sentinel, a chain of waits.

type inline struct{ stop chan struct{} }

func (i *inline) start(render func()) {
	i.stop = make(chan struct{})
	go func() {
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				render()
			case <-i.stop:
				return
			}
		}
	}()
}

func (i *inline) end() { i.stop <- struct{}{} }

type poller struct {
	closed atomic.Bool
	mu     sync.Mutex
	done   bool
}

func (p *poller) start(step func()) {
	go func() {
		for !p.closed.Load() {
			step()
			time.Sleep(time.Millisecond)
		}
	}()
	go func() {
		for {
			p.mu.Lock()
			done := p.done
			p.mu.Unlock()
			if done {
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
}

func (p *poller) Close() {
	p.closed.Store(true)
	p.mu.Lock()
	p.done = true
	p.mu.Unlock()
}

var errStop = errors.New("stop")

func sentinel(step func() error) {
	go func() {
		for {
			if err := step(); errors.Is(err, errStop) {
				return
			}
		}
	}()
}

func chain(in <-chan int, work func(int) int) {
	mid, out := make(chan int), make(chan int)
	go func() {
		defer close(mid)
		for v := range in {
			mid <- work(v)
		}
	}()
	go func() {
		defer close(out)
		for v := range mid {
			out <- work(v)
		}
	}()
	for v := range out {
		println(v)
	}
}

// The last case of a select leaves the loop.
func lastCase(ticks <-chan int, quit chan struct{}) {
	go func() {
		for {
			select {
			case <-ticks:
			case <-quit:
				return
			}
		}
	}()
	close(quit)
}

// One goroutine per element, and as many receives.
func perElement(parts []func() error) (errs []error) {
	results := make(chan error)
	for _, part := range parts {
		go func() { results <- part() }()
	}
	for range parts {
		errs = append(errs, <-results)
	}
	return errs
}

// The answer comes on every path.
func answered(ask func() (int, error)) int {
	answer := make(chan int, 1)
	go func() {
		n, err := ask()
		if err != nil {
			close(answer)
			return
		}
		answer <- n
	}()
	return <-answer
}

// The receiver runs before the second send.
func twoSends(use func(int)) {
	go func() {
		values := make(chan int, 1)
		values <- 1
		go func() {
			for v := range values {
				use(v)
			}
		}()
		values <- 2
		close(values)
	}()
}

// Two locks, always in the same order; or in two orders under a third.
type ordered struct{ big, a, b sync.Mutex }

func (o *ordered) start() {
	go func() {
		o.a.Lock()
		defer o.a.Unlock()
		o.b.Lock()
		defer o.b.Unlock()
	}()
	go o.backwards()
}

func (o *ordered) same() {
	o.a.Lock()
	o.b.Lock()
	o.b.Unlock()
	o.a.Unlock()
}

func (o *ordered) backwards() {
	o.b.Lock()
	o.b.Unlock()
	o.a.Lock()
	o.a.Unlock()
}

// A daemon is given a context for form.
func init() { go daemon(context.Background(), func() {}) }

func daemon(ctx context.Context, work func()) {
	t := time.NewTicker(time.Minute)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			work()
		case <-ctx.Done():
			return
		}
	}
}
