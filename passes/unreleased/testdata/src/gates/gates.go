// Package gates starts goroutines that wait for what was shut before: a lock that is
// held, a group that is counted up, a channel that is full.
package gates

import (
	"errors"
	"sync"
	"time"
)

func work() {}

func check(n int) error {
	if n > 5 {
		return errors.New("large")
	}
	return nil
}

func lockNeverBad() {
	var mu sync.Mutex
	mu.Lock()
	go func() {
		mu.Lock() // want "goroutine waits for ever: lockNeverBad holds mu when it starts, and nobody ends that"
		work()
		mu.Unlock()
	}()
	time.Sleep(time.Second)
}

func lockSkipped(n int) error {
	var mu sync.Mutex
	mu.Lock()
	var wg sync.WaitGroup
	wg.Go(func() { underLockBad(&mu) })
	if err := check(n); err != nil {
		return err
	}
	mu.Unlock()
	return nil
}

func underLockBad(mu *sync.Mutex) {
	mu.Lock() // want "goroutine can wait for ever: lockSkipped holds mu when it starts, and can return without giving it back"
	defer mu.Unlock()
	work()
}

func lockOrderBad() {
	var mu sync.Mutex
	done := make(chan struct{})
	mu.Lock()
	go func() {
		defer close(done)
		mu.Lock() // want "goroutine waits for itself: what would open mu comes only after a wait for this one"
		work()
		mu.Unlock()
	}()
	<-done
	mu.Unlock()
}

// A boss holds its lock from the start.
type boss struct {
	mu   sync.Mutex
	jobs int
}

func newBoss() *boss {
	b := &boss{}
	b.mu.Lock()
	return b
}

func (b *boss) runBad() {
	b.mu.Lock() // want "goroutine can wait for ever: serve holds b.mu when it starts, and can return without giving it back"
	b.jobs++
	b.mu.Unlock()
}

func (b *boss) release() { b.mu.Unlock() }

func serve(n int) {
	b := newBoss()
	go b.runBad()
	if n > 5 {
		return
	}
	b.release()
}

func lockOk(n int) error {
	var mu sync.Mutex
	mu.Lock()
	go underLockOk(&mu)
	defer mu.Unlock()
	return check(n)
}

func underLockOk(mu *sync.Mutex) {
	mu.Lock()
	work()
	mu.Unlock()
}

// The lock is handed over: the goroutine gives it back for who has taken it.
func handedOk() {
	var mu sync.Mutex
	mu.Lock()
	go func() {
		work()
		mu.Unlock()
		mu.Lock()
		work()
		mu.Unlock()
	}()
}

func givenBeforeOk(n int) {
	var mu sync.Mutex
	mu.Lock()
	work()
	mu.Unlock()
	go underLockTwiceOk(&mu)
	if n > 5 {
		return
	}
	mu.Lock()
	mu.Unlock()
}

func underLockTwiceOk(mu *sync.Mutex) {
	mu.Lock()
	mu.Unlock()
}

// Another goroutine gives it back.
func otherOk(n int) {
	var mu sync.Mutex
	mu.Lock()
	go func() {
		mu.Lock()
		work()
		mu.Unlock()
	}()
	go func() {
		time.Sleep(time.Second)
		mu.Unlock()
	}()
	if n > 5 {
		return
	}
	work()
}

type lender struct {
	mu sync.Mutex
	n  int
}

// Another method gives it back some day.
func (l *lender) start() {
	l.mu.Lock()
	go func() {
		l.mu.Lock()
		l.n++
		l.mu.Unlock()
	}()
}

func (l *lender) Stop() { l.mu.Unlock() }

func groupSkippedBad(n int) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		wg.Wait() // want "goroutine can wait for ever: on one way wg counts 1 more than there are calls of Done"
		work()
	}()
	if n > 5 {
		return
	}
	wg.Done()
}

type gate struct{ ready sync.WaitGroup }

func newGate() *gate {
	g := &gate{}
	g.ready.Add(1)
	return g
}

func (g *gate) runBad() {
	g.ready.Wait() // want "goroutine can wait for ever: pass has counted up g.ready when it starts, and can return without calling Done"
	work()
}

func (g *gate) open() { g.ready.Done() }

func pass(n int) error {
	g := newGate()
	go g.runBad()
	if err := check(n); err != nil {
		return err
	}
	g.open()
	return nil
}

func groupOk(n int) {
	var wg sync.WaitGroup
	wg.Add(1)
	defer wg.Done()
	go func() {
		wg.Wait()
		work()
	}()
	if n > 5 {
		return
	}
	work()
}

func membersOk(n int) {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			work()
		}()
	}
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	<-done
}

func seatNeverBad() {
	seat := make(chan struct{}, 1)
	seat <- struct{}{}
	go func() {
		seat <- struct{}{} // want "goroutine waits for ever: seatNeverBad has filled seat when it starts, and nobody ends that"
		work()
		<-seat
	}()
}

func seatSkippedBad(n int) {
	seat := make(chan struct{}, 1)
	seat <- struct{}{}
	go func() {
		seat <- struct{}{} // want "goroutine can wait for ever: seatSkippedBad has filled seat when it starts, and can return without receiving from it"
		defer func() { <-seat }()
		work()
	}()
	if n > 5 {
		return
	}
	<-seat
}

func seatOk(n int) {
	seat := make(chan struct{}, 1)
	seat <- struct{}{}
	defer func() { <-seat }()
	go func() {
		seat <- struct{}{}
		work()
		<-seat
	}()
	if n > 5 {
		return
	}
	work()
}

func twoSeatsOk(n int) {
	seat := make(chan struct{}, 2)
	seat <- struct{}{}
	go func() {
		seat <- struct{}{}
		work()
		<-seat
	}()
	if n > 5 {
		return
	}
	<-seat
}

func seatsOk(jobs []int) {
	seats := make(chan struct{}, 4)
	for range jobs {
		seats <- struct{}{}
		go func() {
			defer func() { <-seats }()
			work()
		}()
	}
}

func _() {
	lockNeverBad()
	_ = lockSkipped(1)
	lockOrderBad()
	serve(1)
	_ = lockOk(1)
	handedOk()
	givenBeforeOk(1)
	otherOk(1)
	(&lender{}).start()
	groupSkippedBad(1)
	_ = pass(1)
	groupOk(1)
	membersOk(1)
	seatNeverBad()
	seatSkippedBad(1)
	seatOk(1)
	twoSeatsOk(1)
	seatsOk(nil)
}
