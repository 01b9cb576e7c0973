package unreleased

import (
	"context"
	"sync"
)

// A range over a channel that nobody closes.
func RangeBad(jobs []int, work func(int)) {
	queue := make(chan int)
	go func() {
		for job := range queue { // want `nothing closes queue`
			work(job)
		}
	}()
	for _, job := range jobs {
		queue <- job
	}
}

// A stop channel that nobody closes.

type server struct {
	jobs chan int
	quit chan struct{}
}

func NewServer() *server {
	s := &server{jobs: make(chan int), quit: make(chan struct{})}
	go s.FN_runBad()
	return s
}

func (s *server) FN_runBad() {
	for {
		select {
		case job := <-s.jobs:
			println(job)
		case <-s.quit:
			return
		}
	}
}

func (s *server) Add(job int) { s.jobs <- job }

func (s *server) Close() {}

// A local channel that nothing raises.
func WatchBad(cleanup func()) {
	done := make(chan struct{})
	go func() {
		<-done // want `goroutine waits for ever`
		cleanup()
	}()
}

// A nil channel.
func FN_NilBad() {
	var never chan int
	go func() {
		<-never
	}()
}

// A context that cannot be cancelled.
func BackgroundBad(cleanup func()) {
	go func() {
		<-context.Background().Done() // want `goroutine waits for ever`
		cleanup()
	}()
}

// A path on which the close is skipped.
func SkippedBad(jobs []int, check func(int) error, work func(int)) error {
	queue := make(chan int)
	go func() {
		for job := range queue { // want `can return without closing queue`
			work(job)
		}
	}()
	for _, job := range jobs {
		if err := check(job); err != nil {
			return err
		}
		queue <- job
	}
	close(queue)
	return nil
}

// A group that is never done.
func WaitGroupBad(work func(), after func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go work()
	go func() {
		wg.Wait() // want `nothing calls Done on wg`
		after()
	}()
}

// A condition that nobody signals.

type gate struct {
	mu   sync.Mutex
	cond *sync.Cond
	open bool
}

func CondBad(after func()) {
	g := &gate{}
	g.cond = sync.NewCond(&g.mu)
	go func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		for !g.open { // want `nothing sets it`
			g.cond.Wait() // want `nothing signals g.cond`
		}
		after()
	}()
}

// These are raised.

func DeferOk(jobs []int, check func(int) error, work func(int)) error {
	queue := make(chan int)
	defer close(queue)
	go func() {
		for job := range queue {
			work(job)
		}
	}()
	for _, job := range jobs {
		if err := check(job); err != nil {
			return err
		}
		queue <- job
	}
	return nil
}

func EveryPathOk(jobs []int, check func(int) error, work func(int)) error {
	queue := make(chan int)
	go func() {
		for job := range queue {
			work(job)
		}
	}()
	for _, job := range jobs {
		if err := check(job); err != nil {
			close(queue)
			return err
		}
		queue <- job
	}
	close(queue)
	return nil
}

func HelperOk(jobs []int, work func(int)) {
	queue := make(chan int)
	go func() {
		for job := range queue {
			work(job)
		}
	}()
	feed(queue, jobs)
}

func feed(queue chan<- int, jobs []int) {
	defer close(queue)
	for _, job := range jobs {
		queue <- job
	}
}

// Closed under another name.

type pipe struct{ in chan int }

func AliasOk(jobs []int, work func(int)) {
	queue := make(chan int)
	p := pipe{in: queue}
	go func() {
		for job := range queue {
			work(job)
		}
	}()
	for _, job := range jobs {
		p.in <- job
	}
	p.stop()
}

func (p pipe) stop() { close(p.in) }

// Raised by code that is not known.

func HandedOutOk(work func(int), feed func(chan<- int)) {
	queue := make(chan int)
	go func() {
		for job := range queue {
			work(job)
		}
	}()
	feed(queue)
}

type Public struct{ Done chan struct{} }

func (p *Public) StartOk(cleanup func()) {
	go func() {
		<-p.Done
		cleanup()
	}()
}

func ParameterOk(done <-chan struct{}, cleanup func()) {
	go func() {
		<-done
		cleanup()
	}()
}

func ContextOk(ctx context.Context, cleanup func()) {
	go func() {
		<-ctx.Done()
		cleanup()
	}()
}

func CancelOk(work, cleanup func()) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-ctx.Done()
		cleanup()
	}()
	work()
}

// Whoever takes the channel out of the other one may answer.

type Inbox struct{ questions chan chan error }

func (i *Inbox) Questions() <-chan chan error { return i.questions }

func (i *Inbox) AskOk(use func(error)) {
	go func() {
		answer := make(chan error)
		i.questions <- answer
		use(<-answer)
	}()
}
