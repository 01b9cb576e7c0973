package endless

import (
	"os"
	"os/signal"
	"sync"
	"time"
)

// A constructor starts a ticker loop that nothing ends.

type cache struct{ entries map[string]int }

func NewCache() *cache {
	c := &cache{entries: make(map[string]int)}
	go c.sweepBad()
	return c
}

func (c *cache) sweepBad() {
	t := time.NewTicker(time.Minute)
	defer t.Stop()
	for range t.C { // want `no end`
		clear(c.entries)
	}
}

// A renewal loop: the object has a Close, but it does not end the loop.

type renewer struct {
	timer *time.Timer
	fn    func()
}

func NewRenewer(fn func()) *renewer {
	r := &renewer{timer: time.NewTimer(time.Hour), fn: fn}
	go r.renewBad()
	return r
}

func (r *renewer) renewBad() {
	for { // want `the loop has no exit`
		<-r.timer.C
		r.fn()
		r.timer.Reset(time.Hour)
	}
}

func (r *renewer) Close() { r.timer.Stop() }

// A loop per call.

func PollBad(probe func()) {
	go func() {
		for { // want `the loop has no exit`
			probe()
			time.Sleep(time.Second)
		}
	}()
}

func EmptyBad(setup func()) {
	go func() {
		setup()
		select {} // want `select\{\} waits for nothing`
	}()
}

// A sleep is a loop's wait; the break leaves only the inner loop.
func InnerBreakBad(next func() bool) {
	go func() {
		for { // want `the loop has no exit`
			for next() {
				break
			}
			time.Sleep(time.Second)
		}
	}()
}

// A continue is no exit.
func ContinueBad(next func() bool) {
	go func() {
	again:
		for { // want `the loop has no exit`
			time.Sleep(time.Second)
			for {
				if next() {
					continue again
				}
			}
		}
	}()
}

// Started by a WaitGroup and by a wrapper.
func WaitGroupBad(wg *sync.WaitGroup, probe func()) {
	wg.Go(func() {
		for { // want `the loop has no exit`
			probe()
			time.Sleep(time.Second)
		}
	})
}

func start(f func()) { go f() }

func WrapperBad(probe func()) {
	start(func() {
		for { // want `the loop has no exit`
			probe()
			time.Sleep(time.Second)
		}
	})
}

// The loop stands in a function that the goroutine calls.
func Callee(probe func()) {
	go func() {
		spin(probe)
	}()
}

func spin(probe func()) {
	forever(probe)
}

func forever(probe func()) {
	innerBad(probe)
}

func innerBad(probe func()) {
	for { // want `the loop has no exit`
		probe()
		time.Sleep(time.Second)
	}
}

// An exit by what the work says.
func ExitOk(probe func() bool) {
	go func() {
		for {
			if !probe() {
				return
			}
			time.Sleep(time.Second)
		}
	}()
}

func GotoOk(probe func() bool) {
	go func() {
	again:
		if probe() {
			goto again
		}
	}()
}

func PanicOk(probe func() error) {
	go func() {
		for {
			if err := probe(); err != nil {
				panic(err)
			}
		}
	}()
}

func ExitProcessOk(probe func() error) {
	go func() {
		for {
			if err := probe(); err != nil {
				os.Exit(1)
			}
		}
	}()
}

func CountedOk(n int, work func(int)) {
	go func() {
		for i := 0; i < n; i++ {
			work(i)
		}
	}()
}

func DrainOk(queue []func()) {
	go func() {
		for len(queue) > 0 {
			queue[0]()
			queue = queue[1:]
		}
	}()
}

// Not a goroutine.
func ServeOk(probe func()) {
	for {
		probe()
	}
}

// Goroutines that live as long as the process.

var once sync.Once

func OnceOk(probe func()) {
	once.Do(func() {
		go func() {
			for {
				probe()
				time.Sleep(time.Second)
			}
		}()
	})
}

func init() {
	go func() {
		for {
			time.Sleep(time.Second)
		}
	}()
}

var background = newBackground()

type daemon struct{ n int }

func newBackground() *daemon {
	d := &daemon{}
	go d.runOk()
	return d
}

func (d *daemon) runOk() {
	for {
		d.n++
		time.Sleep(time.Second)
	}
}

func DocumentedOk(probe func()) {
	//killcheck:lifetime process -- one per process, started by the plugin host
	go func() {
		for {
			probe()
			time.Sleep(time.Second)
		}
	}()
}

// CommentedOk starts a goroutine that runs forever.
func CommentedOk(probe func()) {
	// This goroutine runs forever.
	go func() {
		for {
			probe()
			time.Sleep(time.Second)
		}
	}()
}

func HandlerOk(reload func()) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, os.Interrupt)
	// Long-lived: handles signals for the lifetime of the process.
	go func() {
		for range hup {
			reload()
		}
	}()
}

// Ignored by a directive.
func IgnoredOk(probe func()) {
	go func() {
		//killcheck:ignore endless -- the test of the ignore directive
		for {
			probe()
			time.Sleep(time.Second)
		}
	}()
}

// There is one limiter, and it belongs to the process.

var Limits limiter

type limiter struct{ used int }

func (l *limiter) StartResetOk() {
	t := time.NewTicker(time.Minute)
	go func() {
		for range t.C {
			l.used = 0
		}
	}()
}

// An assertion ends the goroutine when the listener is closed.

type test interface {
	Errorf(format string, args ...any)
	FailNow()
}

func serveOk(t test, accept func() (int, error), noError func(test, error), use func(int)) {
	go func() {
		for {
			v, err := accept()
			noError(t, err)
			use(v)
		}
	}()
}

// A package-level variable sees to it that the goroutine starts once in the
// process.

var (
	events  chan string
	started bool
	running bool
)

func EventsOk() chan<- string {
	if events != nil {
		return events
	}
	events = make(chan string)
	go func() {
		for e := range events {
			_ = os.Setenv("EVENT", e)
		}
	}()
	return events
}

func StartOnceOk(work func()) {
	if !started {
		started = true
		go func() {
			for {
				work()
				time.Sleep(time.Second)
			}
		}()
	}
}

func StartAgainBad(work func()) {
	if running {
		return
	}
	running = true
	go func() {
		for { // want `no exit`
			work()
			time.Sleep(time.Second)
		}
	}()
}

func forget() { running = false }

func useForget() { forget() }

// A method that a type gets from an embedded part, called through an interface.

type device interface {
	DrainBad()
	Name() string
}

type pump struct{ beat func() }

func (p *pump) DrainBad() {
	for { // want `no exit`
		p.beat()
	}
}

type station struct{ *pump }

func (s *station) Name() string { return "station" }

func build(beat func()) device { return &station{&pump{beat}} }

func drainStation(beat func()) {
	go build(beat).DrainBad()
}

// Once for the whole process, by a named function.

var stamps struct {
	sync.Mutex
	last time.Time
}

var stampsOnce sync.Once

func StampOk() time.Time {
	stampsOnce.Do(keepStamps)
	stamps.Lock()
	defer stamps.Unlock()
	return stamps.last
}

func keepStamps() {
	go func() {
		for {
			time.Sleep(time.Second)
			stamps.Lock()
			stamps.last = time.Now()
			stamps.Unlock()
		}
	}()
}

var otherOnce sync.Once

func Other() { otherOnce.Do(keepOtherBad) }

func Again() { keepOtherBad() }

func keepOtherBad() {
	go func() {
		for { // want `no exit`
			time.Sleep(time.Second)
		}
	}()
}

// It waits for the signals of the system alone, which come as long as the process lives.
func EatOk(log func(int)) {
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, os.Interrupt)
	go func() {
		n := 0
		for {
			<-ch
			n++
			log(n)
		}
	}()
}

func EatTooBad(log func(int), more chan int) {
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, os.Interrupt)
	go func() {
		for { // want `no exit`
			<-ch
			log(1)
			more <- 1
		}
	}()
}

// A panic in a goroutine of its own ends the process, whoever waits.
func CrashOk(work func() error) {
	go func() {
		if err := work(); err != nil {
			go panic(err)
			select {}
		}
	}()
}

func HangBad(work func() error) {
	go func() {
		if err := work(); err != nil {
			select {} // want `goroutine never stops`
		}
	}()
}

// The signals are taken away, and the loop stays.
type reopener struct {
	signals chan os.Signal
	reopen  func()
}

func newReopener(reopen func()) *reopener {
	r := &reopener{make(chan os.Signal, 1), reopen}
	signal.Notify(r.signals, os.Interrupt)
	go r.listenBad()
	return r
}

func (r *reopener) listenBad() {
	for { // want `no exit`
		<-r.signals
		r.reopen()
	}
}

func (r *reopener) Stop() { signal.Stop(r.signals) }
