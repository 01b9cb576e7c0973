package unreleased

import (
	"context"
	"errors"
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
	go s.runBad()
	return s
}

func (s *server) runBad() {
	for {
		select { // want `only the case s.quit would end its loop`
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
func NilBad() {
	var never chan int
	go func() {
		<-never // want `never is never made`
	}()
}

func NilSendBad() {
	var never chan int
	go func() {
		never <- 1 // want `never is never made`
	}()
}

func NilCaseBad() {
	var in, out chan int
	go func() {
		select { // want `waits for ever`
		case <-in:
		case out <- 1:
		}
	}()
}

func NilNotSentOk() {
	var hook chan int
	go func() {
		if hook != nil {
			hook <- 1
		}
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

func NewInbox() *Inbox { return &Inbox{make(chan chan error)} }

func (i *Inbox) Questions() <-chan chan error { return i.questions }

func (i *Inbox) AskOk(use func(error)) {
	go func() {
		answer := make(chan error)
		i.questions <- answer
		use(<-answer)
	}()
}

// The goroutine that alone answers can return without an answer.

func AskBad(ask func() (int, error)) int {
	answer := make(chan int, 1)
	go func() {
		n, err := ask()
		if err != nil {
			return
		}
		answer <- n
	}()
	return <-answer // want `can return without doing so`
}

func AskOk(ask func() (int, error)) int {
	answer := make(chan int, 1)
	go func() {
		n, err := ask()
		if err != nil {
			n = -1
		}
		answer <- n
	}()
	return <-answer
}

// It closes the channel on one of its ways only.
func ConnectBad(news <-chan []string) {
	go func() {
		ready := make(chan struct{})
		go follow(news, ready)
		<-ready // want `can return without doing so`
	}()
}

func follow(news <-chan []string, ready chan struct{}) {
	for addrs := range news {
		if len(addrs) > 0 && ready != nil {
			close(ready)
			ready = nil
		}
	}
}

func ConnectOk(news <-chan []string) {
	go func() {
		ready := make(chan struct{})
		go followAll(news, ready)
		<-ready
	}()
}

func followAll(news <-chan []string, ready chan struct{}) {
	defer close(ready)
	for addrs := range news {
		if len(addrs) > 0 {
			return
		}
	}
}

// The function that alone sends returns, and nobody closes the channel.

type sink interface{ Send(string) error }

func ServeBad(to sink, next func() (string, error)) error {
	lines := make(chan string, 8)
	go func() {
		for line := range lines { // want `ServeBad, which alone sends on lines, returns without closing it`
			if to.Send(line) != nil {
				return
			}
		}
	}()
	for {
		line, err := next()
		if err != nil {
			return err
		}
		select {
		case lines <- line:
		default:
		}
	}
}

func ServeOk(to sink, next func() (string, error)) error {
	lines := make(chan string, 8)
	defer close(lines)
	go func() {
		for line := range lines {
			if to.Send(line) != nil {
				return
			}
		}
	}()
	for {
		line, err := next()
		if err != nil {
			return err
		}
		select {
		case lines <- line:
		default:
		}
	}
}

// A loop that closes itself waits for its own end.

type link struct {
	inbox, stop, ended chan struct{}
}

func NewLink(fails func() bool) *link {
	l := &link{make(chan struct{}), make(chan struct{}), make(chan struct{})}
	go l.loop(fails)
	return l
}

func (l *link) loop(fails func() bool) {
	defer close(l.ended)
	for {
		select {
		case <-l.inbox:
			if fails() {
				l.closeBad()
			}
		case <-l.stop:
			return
		}
	}
}

func (l *link) closeBad() {
	close(l.stop)
	<-l.ended // want `goroutine waits for itself`
}

// The second close is for the case that the first was not done.

func OnceOk(items []int, use func(int)) int {
	ch := make(chan int)
	n := 0
	go func() {
		for v := range ch {
			use(v)
		}
	}()
	for _, item := range items {
		if item < 0 {
			if n == 0 {
				close(ch)
			}
			n++
			continue
		}
		if n == 0 {
			ch <- item
		}
	}
	if n == 0 {
		close(ch)
	}
	return n
}

// One close, and a path past it.

func SometimesBad(items []int, use func(int)) error {
	ch := make(chan int)
	go func() {
		for v := range ch { // want `can return without closing ch`
			use(v)
		}
	}()
	for _, item := range items {
		if item < 0 {
			return errors.New("negative")
		}
		ch <- item
	}
	close(ch)
	return nil
}

// The answer comes, since the goroutine has taken the question.

type peer struct {
	questions chan int
	answers   chan error
}

func newPeer(ready func() bool) *peer {
	p := &peer{questions: make(chan int), answers: make(chan error)}
	go p.loop(ready)
	return p
}

func (p *peer) loop(ready func() bool) {
	for {
		if !ready() {
			return
		}
		<-p.questions
		p.answers <- nil
	}
}

func (p *peer) askOk(q int) error {
	p.questions <- q
	return <-p.answers
}

// What the goroutines receive is in the channel before they start.
func FilledOk(n int, work func() bool) {
	tickets := make(chan bool, n)
	for range n {
		tickets <- true
	}
	for range n {
		go func() {
			if <-tickets {
				work()
			}
		}()
	}
}

// Nothing receives from other, so the select sends the value that the goroutine
// waits for.
func OtherCaseOk(work func(int)) {
	ch := make(chan int)
	other := make(chan int)
	go func() {
		work(<-ch)
	}()
	select {
	case ch <- 1:
	case other <- 1:
	}
}

func EitherCaseBad(ctx context.Context, work func(int)) {
	ch := make(chan int)
	go func() {
		work(<-ch) // want `can return without raising ch`
	}()
	select {
	case ch <- 1:
	case <-ctx.Done():
	}
}

// The cases are all that there are.
func SchemeOk(scheme string, plain, secure func() error) func() error {
	errc := make(chan error, 1)
	go func() {
		switch scheme {
		case "http":
			errc <- plain()
		case "https":
			errc <- secure()
		}
	}()
	return func() error { return <-errc }
}

func OneSchemeBad(scheme string, plain func() error) func() error {
	errc := make(chan error, 1)
	go func() {
		if scheme == "http" {
			errc <- plain()
		}
	}()
	return func() error { return <-errc } // want `can return without doing so`
}

// The receive is done only if there is something to receive.
func CollectOk(probe func() error, settle func()) error {
	errc := make(chan error, 100)
	go func() {
		if err := probe(); err != nil {
			errc <- err
		}
	}()
	settle()
	if len(errc) > 0 {
		return <-errc
	}
	return nil
}

func CollectBad(probe func() error, settle func()) error {
	errc := make(chan error, 100)
	go func() {
		if err := probe(); err != nil {
			errc <- err
		}
	}()
	settle()
	return <-errc // want `can return without doing so`
}

// The first round closes.
func FirstOk(insert func(int) bool, stop chan struct{}) {
	first := make(chan struct{})
	go func() {
		n := 0
		for {
			insert(n)
			if n == 0 {
				close(first)
			}
			n++
			select {
			case <-stop:
				return
			default:
			}
		}
	}()
	<-first
}

func SecondBad(insert func(int) bool, stop chan struct{}) {
	second := make(chan struct{})
	go func() {
		n := 0
		for {
			insert(n)
			if n == 1 {
				close(second)
			}
			n++
			select {
			case <-stop:
				return
			default:
			}
		}
	}()
	<-second // want `can return without doing so`
}
