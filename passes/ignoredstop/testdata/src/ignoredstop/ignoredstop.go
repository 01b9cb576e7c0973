package ignoredstop

import (
	"context"
	"log"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Loops.

func ParameterBad(ctx context.Context, probe func()) {
	go func(ctx context.Context) {
		for { // want `ctx is in reach`
			probe()
			// Once a second is enough.
			time.Sleep(time.Second)
		}
	}(ctx)
}

func Head(ctx context.Context, probe func()) {
	go workBad(ctx, probe)
}

func workBad(ctx context.Context, probe func()) {
	for { // want `ctx is in reach`
		probe()
	}
}

func TickerBad(ctx context.Context, probe func()) {
	t := time.NewTicker(time.Second)
	go func(ctx context.Context) {
		defer t.Stop()
		for range t.C { // want `ctx is in reach`
			probe()
		}
	}(ctx)
}

// To log a context is not to heed it.
func MentionBad(ctx context.Context, probe func()) {
	go func() {
		log.Println(ctx)
		for { // want `ctx is in reach`
			probe()
			time.Sleep(time.Second)
		}
	}()
}

// A stop channel in a field: another loop of the type heeds it.

type server struct {
	quit chan struct{}
	tick chan int
}

func NewServer() *server {
	s := &server{quit: make(chan struct{}), tick: make(chan int)}
	go s.goodOk()
	go s.pollBad()
	go s.selectBad()
	return s
}

func (s *server) goodOk() {
	for {
		select {
		case <-s.tick:
		case <-s.quit:
			return
		}
	}
}

func (s *server) pollBad() {
	for { // want `s.quit is in reach`
		s.tick <- 1
		time.Sleep(time.Second)
	}
}

func (s *server) selectBad() {
	for { // want `s.quit is in reach`
		select {
		case <-time.After(time.Second):
			println("a")
		case <-time.After(time.Minute):
			println("b") // rarely
		}
	}
}

func (s *server) Close() { close(s.quit) }

// A context in a field.

type client struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func NewClient() *client {
	c := new(client)
	c.ctx, c.cancel = context.WithCancel(context.Background())
	go c.pingBad()
	return c
}

func (c *client) Close() { c.cancel() }

func (c *client) pingBad() {
	for { // want `c.ctx is in reach`
		println("ping")
		time.Sleep(time.Minute)
	}
}

// errgroup's derived context, which the function does not use.
func FN_GroupBad(ctx context.Context, probe func() error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for {
			probe()
			time.Sleep(time.Second)
		}
	})
	return g.Wait()
}

// A retry that goes on until it works.
func FN_RetryBad(ctx context.Context, try func() error) {
	go func() {
		log.Println("trying", ctx)
		for {
			if err := try(); err == nil {
				return
			}
			time.Sleep(time.Second)
		}
	}()
}

func ForeverBad(ctx context.Context, setup func(context.Context)) {
	go func() {
		setup(ctx)
		select {} // want `ctx is in reach`
	}()
}

// The goroutine is joined by a WaitGroup.
func WaitGroupBad(ctx context.Context, wg *sync.WaitGroup, probe func()) {
	wg.Add(1)
	go func() {
		defer wg.Done()
		log.Println(ctx)
		for { // want `ctx is in reach`
			probe()
			time.Sleep(time.Second)
		}
	}()
}

// These heed the signal.

func SelectOk(ctx context.Context, probe func()) {
	go func() {
		for {
			probe()
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return
			}
		}
	}()
}

func ErrOk(ctx context.Context, probe func()) {
	go func() {
		for ctx.Err() == nil {
			probe()
			time.Sleep(time.Second)
		}
	}()
}

// An unknown function that takes the context is taken to heed it.
func HandedOnOk(ctx context.Context, probe func(context.Context) error) {
	go func() {
		for {
			if probe(ctx) != nil {
				return
			}
		}
	}()
}

// The goroutine outlives the call: the context of the call is not its signal.
func DetachedOk(ctx context.Context, probe func() bool) {
	ctx = context.WithoutCancel(ctx)
	go func() {
		for probe() {
			time.Sleep(time.Second)
		}
	}()
}

// Bounded work.
func BoundedOk(ctx context.Context, jobs []func()) {
	go func() {
		for _, job := range jobs {
			job()
		}
	}()
}

func TimeoutOk(ctx context.Context, in <-chan int) {
	go func() {
		select {
		case <-in:
		case <-time.After(time.Second):
		}
	}()
}

// The stop case sets a variable that the loop tests.
func FlagOk(ctx context.Context, in <-chan int, use func(int)) {
	go func() {
		stop := false
		for {
			select {
			case v := <-in:
				use(v)
			case <-ctx.Done():
				stop = true
			}
			if stop {
				break
			}
		}
	}()
}

// An answer that others find under a key.

var waiting = map[int]chan string{}

func register(id int) chan string {
	ch := make(chan string)
	waiting[id] = ch
	return ch
}

func Answer(id int, text string) { waiting[id] <- text }

func awaitBad(ctx context.Context, id int, use func(string)) {
	use(<-register(id)) // want `an answer need not come, and ctx is in reach`
}

func awaitOk(ctx context.Context, id int, use func(string)) {
	select {
	case text := <-register(id):
		use(text)
	case <-ctx.Done():
	}
}

func Request(ctx context.Context, id int, use func(string)) {
	go awaitBad(ctx, id, use)
	go awaitOk(ctx, id, use)
}

// A channel that is closed when something is ready is no stop.
type pinger struct {
	started chan struct{}
	over    chan struct{}
	pings   chan string
}

func newPinger() *pinger {
	return &pinger{started: make(chan struct{}), over: make(chan struct{}), pings: make(chan string)}
}

func (p *pinger) Start() {
	go p.readBad()
	go p.write()
	close(p.started)
}

func (p *pinger) Close() { close(p.over) }

func (p *pinger) Ping(text string) {
	<-p.started
	p.pings <- text
}

func (p *pinger) readBad() {
	for { // want `p.over is in reach`
		time.Sleep(time.Minute)
	}
}

func (p *pinger) write() {
	for {
		select {
		case text := <-p.pings:
			log.Print(text)
		case <-p.over:
			return
		}
	}
}

// The select is where the loop waits; the answers are short.
func TwoWaitsBad(ctx context.Context, lines chan string, barriers chan chan struct{}) {
	go func(ctx context.Context) {
		for { // want `ctx is in reach`
			select {
			case b := <-barriers:
				b <- struct{}{}
			case l := <-lines:
				log.Print(l)
			}
		}
	}(ctx)
}

// The send has its own wait, for one answer; the receive is the first.
func FirstWaitBad(ctx context.Context, in chan chan string) {
	go func(ctx context.Context) {
		for { // want `ctx is in reach`
			l := <-in
			l <- "on"
		}
	}(ctx)
}

// Pausing is a ticker that pauses: each start makes a new stop, and gives it to its goroutine.
type Pausing struct {
	out  chan int
	quit chan struct{}
}

// NewPausing makes one.
func NewPausing() *Pausing { return &Pausing{out: make(chan int)} }

func (p *Pausing) StartBad(in <-chan int) {
	p.quit = make(chan struct{})
	go func(mine chan struct{}) {
		for {
			select {
			case n := <-in:
				p.out <- n // want `the loop around it heeds mine, this wait does not`
			case <-mine:
				return
			}
		}
	}(p.quit)
}

func (p *Pausing) Out() <-chan int { return p.out }

func (p *Pausing) Stop() { close(p.quit) }
