package abandoned

import (
	"context"
	"errors"
	"sync"
	"time"
)

// The receiver may leave before the result comes.

func TimedBad(get func() int) (int, error) {
	result := make(chan int)
	go func() {
		result <- get() // want `goroutine cannot end its send`
	}()
	select {
	case v := <-result:
		return v, nil
	case <-time.After(time.Second):
		return 0, errors.New("timeout")
	}
}

func CancelledBad(ctx context.Context, get func() (int, error)) (int, error) {
	type answer struct {
		v   int
		err error
	}
	answers := make(chan answer) // one answer
	go func() {
		v, err := get()
		answers <- answer{v, err} // want `goroutine cannot end its send`
	}()
	select {
	case a := <-answers:
		return a.v, a.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Two outcomes, two channels, one receive.
func EitherBad(get func() (int, error)) (int, error) {
	values, failures := make(chan int), make(chan error)
	go func() {
		v, err := get()
		if err != nil {
			failures <- err // want `goroutine cannot end its send`
			return
		}
		values <- v // want `goroutine cannot end its send`
	}()
	select {
	case v := <-values:
		return v, nil
	case err := <-failures:
		return 0, err
	case <-time.After(time.Second):
		return 0, errors.New("timeout")
	}
}

// More senders than receives.
func FirstBad(sources []func() int) int {
	first := make(chan int)
	for _, source := range sources {
		go func() {
			first <- source() // want `can return with sends on first still to come`
		}()
	}
	return <-first
}

func FN_TwoSendersBad(a, b func() error) error {
	errs := make(chan error, 1)
	go func() { errs <- a() }()
	go func() { errs <- b() }()
	return <-errs
}

// An early return before the receive.
func EarlyReturnBad(get func() int, check func() error) (int, error) {
	result := make(chan int)
	go func() {
		result <- get() // want `goroutine cannot end its send`
	}()
	if err := check(); err != nil {
		return 0, err
	}
	return <-result, nil
}

// Several receives, and the first error leaves.
func GatherBad(parts []func() error) error {
	errs := make(chan error)
	for _, part := range parts {
		go func() {
			errs <- part() // want `can return with sends on errs still to come`
		}()
	}
	for range parts {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

// The consumer leaves its range while the producer still sends.
func ConsumerBad(lines []string, use func(string) error) error {
	ch := make(chan string)
	go func() {
		defer close(ch)
		for _, line := range lines {
			ch <- line // want `goroutine cannot end its send`
		}
	}()
	for line := range ch {
		if err := use(line); err != nil {
			return err
		}
	}
	return nil
}

// The receiver leaves on the context, and the sender has it as well.
func WorkerBad(ctx context.Context, next func() int, use func(int)) {
	ch := make(chan int)
	go func() {
		for {
			select {
			case v := <-ch:
				use(v)
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() {
		for ctx.Err() == nil {
			ch <- next() // want `goroutine cannot end its send`
		}
	}()
}

// Nobody receives at all.
func NobodyBad(get func() error) {
	errs := make(chan error)
	go func() {
		errs <- get() // want `goroutine cannot end its send`
	}()
}

// Room for every send.

func CapacityOk(get func() int) (int, error) {
	result := make(chan int, 1)
	go func() {
		result <- get()
	}()
	select {
	case v := <-result:
		return v, nil
	case <-time.After(time.Second):
		return 0, errors.New("timeout")
	}
}

func LengthOk(sources []func() int) int {
	first := make(chan int, len(sources))
	for _, source := range sources {
		go func() {
			first <- source()
		}()
	}
	return <-first
}

func ConstantOk(a, b func() error) error {
	errs := make(chan error, 2)
	go func() { errs <- a() }()
	go func() { errs <- b() }()
	return <-errs
}

func SlicesOk(sources []func() int) int {
	results := make([]chan int, len(sources))
	for i, source := range sources {
		results[i] = make(chan int, 1)
		go func() {
			results[i] <- source()
		}()
	}
	return <-results[0]
}

// The receive always comes.

func ReceiveOk(get func() int) int {
	result := make(chan int)
	go func() { result <- get() }()
	return <-result
}

func CountedOk(parts []func() error) (err error) {
	errs := make(chan error)
	for _, part := range parts {
		go func() { errs <- part() }()
	}
	for range parts {
		if e := <-errs; e != nil {
			err = e
		}
	}
	return err
}

func CounterOk(n int, part func(int) error) (err error) {
	errs := make(chan error)
	for i := 0; i < n; i++ {
		go func() { errs <- part(i) }()
	}
	for i := 0; i < n; i++ {
		if e := <-errs; e != nil {
			err = e
		}
	}
	return err
}

func DrainOk(parts []func() int) (sum int) {
	results := make(chan int)
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results <- part()
		}()
	}
	go func() {
		wg.Wait()
		close(results)
	}()
	for v := range results {
		sum += v
	}
	return sum
}

func LeavingArmOk(ctx context.Context, get func() int, abort func()) (int, error) {
	result := make(chan int)
	go func() { result <- get() }()
	select {
	case v := <-result:
		return v, nil
	case <-ctx.Done():
		abort()
		<-result
		return 0, ctx.Err()
	}
}

func AfterSelectOk(ctx context.Context, get func() error) error {
	done := make(chan error)
	go func() { done <- get() }()
	select {
	case <-ctx.Done():
	case <-time.After(time.Minute):
	}
	return <-done
}

// The send gives way.

func GuardedOk(ctx context.Context, get func() int) (int, error) {
	result := make(chan int)
	go func() {
		select {
		case result <- get():
		case <-ctx.Done():
		}
	}()
	select {
	case v := <-result:
		return v, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func DefaultOk(get func() int) int {
	result := make(chan int)
	go func() {
		select {
		case result <- get():
		default:
		}
	}()
	select {
	case v := <-result:
		return v
	case <-time.After(time.Second):
		return 0
	}
}

// Code that is not known may receive.

func HandedOutOk(get func() int, consume func(<-chan int)) {
	ch := make(chan int)
	go func() { ch <- get() }()
	consume(ch)
}

func ReturnedOk(get func() int) <-chan int {
	ch := make(chan int)
	go func() { ch <- get() }()
	return ch
}

type Box struct{ C chan int }

func StoredOk(b *Box, get func() int) {
	ch := make(chan int)
	b.C = ch
	go func() { ch <- get() }()
}

// Whoever takes the channel out of the other one may receive.

type Inbox struct{ replies chan chan int }

func (i *Inbox) Replies() <-chan chan int { return i.replies }

func (i *Inbox) AskOk(get func() int) {
	ch := make(chan int)
	i.replies <- ch
	go func() { ch <- get() }()
}

// The send that fills the channel may come again; the others end the goroutine.

func LastWordsBad(steps []func() error) error {
	errs := make(chan error, 1)
	go func() {
		for _, step := range steps {
			if step == nil {
				errs <- errors.New("no step")
				return
			}
			errs <- step() // want `goroutine cannot end its send`
		}
		errs <- nil
	}()
	return <-errs
}

// The asker gives up only when the goroutine that answers has returned.

type Screen struct {
	questions chan question
	closed    chan struct{}
}

type question struct{ barrier chan struct{} }

func NewScreen() *Screen {
	return &Screen{questions: make(chan question), closed: make(chan struct{})}
}

func (s *Screen) StartOk(ctx context.Context) { go s.Run(ctx) }

func (s *Screen) Run(ctx context.Context) {
	defer close(s.closed)
	for {
		select {
		case <-ctx.Done():
			return
		case q := <-s.questions:
			q.barrier <- struct{}{}
		}
	}
}

func (s *Screen) Flush() {
	barrier := make(chan struct{})
	select {
	case s.questions <- question{barrier}:
	case <-s.closed:
	}
	select {
	case <-barrier:
	case <-s.closed:
	}
}

// A package-level channel whose one reader has gone.
var events = make(chan string)

func publishBad(name string) {
	for i := 0; i < 1000; i++ {
		events <- name // want `there are 1000 sends on events, but on one path only 1`
	}
}

func firstEvent(names []string) string {
	for _, name := range names {
		go publishBad(name)
	}
	return <-events
}

func FirstEvent() string { return firstEvent([]string{"a", "b"}) }

// The goroutine starts the receiver only after the send.
type compactor struct{ wake chan struct{} }

func (c *compactor) startBad(stop <-chan struct{}) {
	c.wake <- struct{}{} // want `starts what receives from c.wake only after this send`
	go func() {
		for {
			select {
			case <-c.wake:
			case <-stop:
				return
			}
		}
	}()
}

func Compact(stop <-chan struct{}) {
	go func() {
		c := &compactor{wake: make(chan struct{}, 1)}
		c.wake <- struct{}{}
		c.startBad(stop)
	}()
}

type roomy struct{ wake chan struct{} }

func (c *roomy) startOk(stop <-chan struct{}) {
	c.wake <- struct{}{}
	go func() {
		for {
			select {
			case <-c.wake:
			case <-stop:
				return
			}
		}
	}()
}

// So does one that has a helper start it.
type helper struct{ wg sync.WaitGroup }

func (h *helper) run(f func()) {
	h.wg.Add(1)
	go func() {
		defer h.wg.Done()
		f()
	}()
}

func QueueBad(h *helper, use func(int)) {
	go func() {
		queue := make(chan int)
		queue <- 1 // want `starts what receives from queue only after this send`
		h.run(func() {
			for v := range queue {
				use(v)
			}
		})
		close(queue)
	}()
}

func CompactOk(stop <-chan struct{}) {
	go func() {
		c := &roomy{wake: make(chan struct{}, 1)}
		c.startOk(stop)
	}()
}

// A handler that reports once for each event, of which one comes.
func HandlerOk(next func() int, stop <-chan struct{}) {
	done := make(chan bool, 1)
	event := make(chan int)
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-event:
				handled(done)
			}
		}
	}()
	event <- next()
	<-done
}

func handled(done chan<- bool) { done <- true }

// Each round has a channel of its own, with room for its one value.

func RoundsOk(ctx context.Context, work func()) {
	go func() {
		for ctx.Err() == nil {
			finished := make(chan bool, 1)
			go func() {
				select {
				case <-ctx.Done():
				case <-finished:
				}
			}()
			work()
			finished <- true
		}
	}()
}

// There is room for one failure, and the loop goes on after it.

func FailuresBad(steps []func() error, use func(int)) error {
	done := make(chan int)
	errs := make(chan error, 1)
	go func() {
		defer close(done)
		for i, step := range steps {
			if err := step(); err != nil {
				errs <- err // want `goroutine cannot end its send`
				continue
			}
			done <- i
		}
	}()
	for i := range done {
		use(i)
	}
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}

// The receiver leaves by what an object of its own says.

type closer struct{ done chan struct{} }

func (c *closer) HasBeenClosed() <-chan struct{} { return c.done }

type meter struct {
	values chan int
	closer *closer
	sum    int
}

func newMeter() *meter {
	m := &meter{values: make(chan int), closer: &closer{done: make(chan struct{})}}
	go m.listen()
	return m
}

func (m *meter) Close() { close(m.closer.done) }

func (m *meter) Add(n int) {
	go m.addBad(n)
}

func (mt *meter) addBad(n int) {
	mt.values <- n // want `the receiver of mt.values can leave first, by its case m.closer.HasBeenClosed\(\)`
}

func (m *meter) listen() {
	for {
		select {
		case n := <-m.values:
			m.sum += n
		case <-m.closer.HasBeenClosed():
			return
		}
	}
}

// The channel that the goroutine has waited for is no stop for its send.
func TickedBad(n int, each func(func())) int {
	ticks := make(chan int)
	for range n {
		ready := make(chan struct{})
		each(func() { close(ready) })
		go func() {
			<-ready
			ticks <- 1 // want `the function that started it can return with sends on ticks still to come$`
		}()
	}
	return <-ticks
}

// As many receives as there are senders.

func PairOk(a, b func()) {
	done := make(chan bool)
	go func() {
		a()
		done <- true
	}()
	go func() {
		b()
		done <- true
	}()
	for range 2 {
		<-done
	}
}

func AllOk(n int, work func(int)) {
	done := make(chan bool)
	for i := range n {
		go func() {
			work(i)
			done <- true
		}()
	}
	for range n {
		<-done
	}
}

func TooFewBad(a, b func()) {
	done := make(chan bool)
	go func() {
		a()
		done <- true // want `goroutine cannot end its send`
	}()
	go func() {
		b()
		done <- true // want `goroutine cannot end its send`
	}()
	<-done
}

// The flag lets one value pass.

func FirstOk(lines []string, matches func(string) bool, log func(string)) string {
	first := make(chan string)
	go func() {
		defer close(first)
		found := false
		for _, line := range lines {
			if !found {
				if matches(line) {
					first <- line
					found = true
				}
			}
			log(line)
		}
	}()
	return <-first
}

// Two goroutines with one send each: which of the sends depends on the error.

func CopyOk(a, b func() (bool, error)) error {
	errc := make(chan error, 1)
	go outcome(errc, a)
	go result(errc, b)
	err := <-errc
	if err == nil {
		err = <-errc
	}
	return err
}

func outcome(errc chan<- error, f func() (bool, error)) {
	ok, err := f()
	if err != nil {
		errc <- err
		return
	}
	if !ok {
		errc <- errors.New("not ok")
		return
	}
	errc <- nil
}

func result(errc chan<- error, f func() (bool, error)) {
	ok, err := f()
	if err != nil {
		errc <- err
		return
	}
	if !ok {
		errc <- errors.New("no result")
		return
	}
	errc <- nil
}

// Each goroutine is waited for before the next starts.

func OneByOneOk(a, b func()) {
	done := make(chan struct{})
	go func() {
		a()
		done <- struct{}{}
	}()
	<-done
	go func() {
		b()
		done <- struct{}{}
	}()
	<-done
}

func OneByOneBad(a, b func()) {
	done := make(chan struct{})
	go func() {
		a()
		done <- struct{}{} // want `goroutine cannot end its send`
	}()
	go func() {
		b()
		done <- struct{}{} // want `goroutine cannot end its send`
	}()
	<-done
}

// One goroutine for each, and the first answer is taken: there is room for all.
func firstOfBad(names []string, ask func(string) string) string {
	found := make(chan string)
	for _, name := range names {
		go func() {
			found <- ask(name) // want "can return with sends on found still to come"
		}()
	}
	return <-found
}

// The list grows while it is asked, so its length is no bound.
func firstOfMoreBad(names []string, ask func(string) string) string {
	found := make(chan string)
	names = append(names, "last")
	for _, name := range names {
		go func() {
			found <- ask(name) // want "can return with sends on found still to come"
		}()
	}
	return <-found
}

func firstCountedBad(n int, ask func(int) string) string {
	found := make(chan string)
	for i := 0; i < n; i++ {
		go func() {
			found <- ask(i) // want "can return with sends on found still to come"
		}()
	}
	return <-found
}

// There is room for what the loop starts.

func OrderOk(ctx context.Context, schedule func(int)) []int {
	const n = 100
	order := make(chan int, n)
	for i := 0; i < n; i++ {
		go func() {
			order <- i
			schedule(i)
		}()
	}
	var got []int
	end := make(chan struct{})
	go func() {
		defer close(end)
		for range n {
			select {
			case i := <-order:
				got = append(got, i)
			case <-ctx.Done():
				return
			}
		}
	}()
	<-end
	return got
}

func ThreeOk(ctx context.Context, names []string, find func(string) int) int {
	found := make(chan int, 3)
	for _, name := range names {
		go func() { found <- find(name) }()
	}
	select {
	case i := <-found:
		return i
	case <-ctx.Done():
		return 0
	}
}

// One round of the loop sends.

func HalfwayOk(n int, work func(int)) {
	half := make(chan bool)
	rounds := n + 1
	go func() {
		for i := range rounds {
			work(i)
			if i == rounds/2 {
				half <- true
			}
		}
	}()
	<-half
	println(rounds)
}

// A flag sees to it that there is one kick at a time.

type cleaner struct {
	mu     sync.Mutex
	kicked bool
	kick   chan struct{}
}

func NewCleaner(ctx context.Context, clean func()) *cleaner {
	c := &cleaner{kick: make(chan struct{}, 1)}
	go func() {
		for {
			select {
			case <-c.kick:
				clean()
				c.mu.Lock()
				c.kicked = false
				c.mu.Unlock()
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}

func (c *cleaner) Start(full func() bool) {
	go func() {
		for full() {
			c.wakeOk()
		}
	}()
}

func (c *cleaner) wakeOk() {
	c.mu.Lock()
	if !c.kicked {
		c.kicked = true
		c.kick <- struct{}{}
	}
	c.mu.Unlock()
}
