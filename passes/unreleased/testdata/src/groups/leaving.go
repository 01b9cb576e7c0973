package groups

import (
	"log"
	"sync"
)

// What leaves the loop ends the process: nobody waits any more.
func fatalOk(items []int, open func(int) error, f func(int)) {
	var wg sync.WaitGroup
	for _, n := range items {
		wg.Add(1)
		if err := open(n); err != nil {
			log.Fatal(err)
		}
		go func() {
			defer wg.Done()
			f(n)
		}()
	}
	wg.Wait()
}

func panicOk(items []int, open func(int) error, f func(int)) {
	var wg sync.WaitGroup
	for _, n := range items {
		wg.Add(1)
		if err := open(n); err != nil {
			use(n)
			panic(err)
		}
		go func() {
			defer wg.Done()
			f(n)
		}()
	}
	wg.Wait()
}

// What leaves the loop comes to the wait.
func leaveBad(items []int, open func(int) error, f func(int)) {
	var wg sync.WaitGroup
	for _, n := range items {
		wg.Add(1)
		if err := open(n); err != nil {
			log.Print(err)
			break
		}
		go func() {
			defer wg.Done()
			f(n)
		}()
	}
	wg.Wait() // want `can wait for ever: on one way wg counts 1 more`
}

// A promise takes away what was added for it, and whoever has got it calls it.
type promises struct {
	wg     sync.WaitGroup
	failed bool
	abort  func()
}

func (p *promises) promise(err error) {
	defer p.wg.Done()
	if err != nil && !p.failed {
		p.failed = true
		p.wg.Add(1)
		go func() {
			defer p.wg.Done()
			p.abort()
		}()
	}
}

func (p *promises) PromiseOk() func(error) {
	p.wg.Add(1)
	return p.promise
}

func (p *promises) Err() { p.wg.Wait() }

// Nobody has the function that would take it away.
type rounds struct {
	wg     sync.WaitGroup
	failed bool
	abort  func()
}

func (p *rounds) roundBad() {
	p.wg.Add(1) // want `whoever waits for p.wg can wait for ever`
	if p.failed {
		return
	}
	go p.round()
}

func (p *rounds) round() {
	defer p.wg.Done()
	p.failed = true
	p.abort()
}

func (p *rounds) Run() { p.roundBad() }

func (p *rounds) Err() { p.wg.Wait() }

// A part of which this build has only a stub, which is never there.
type part interface{ loop() }

type stub struct{}

func (s *stub) loop() {}

func initPart() *stub { return nil }

type whole struct {
	tasks sync.WaitGroup
	part  part
	run   func()
}

func newWhole(run func()) *whole {
	w := &whole{run: run}
	if p := initPart(); p != nil {
		w.part = p
	}
	return w
}

func (w *whole) openOk() {
	w.tasks.Add(1)
	go w.main()
	if w.part != nil {
		w.tasks.Add(1)
		go w.part.loop()
	}
}

func (w *whole) main() {
	defer w.tasks.Done()
	w.run()
}

func (w *whole) Start() { w.openOk() }

func (w *whole) Close() { w.tasks.Wait() }

// A part that is there, and does not call Done.
type piece interface{ turn() }

type wheel struct{}

func (s *wheel) turn() {}

func initPiece() *wheel { return new(wheel) }

type machine struct {
	tasks sync.WaitGroup
	piece piece
	run   func()
}

func newMachine(run func()) *machine {
	w := &machine{run: run}
	if p := initPiece(); p != nil {
		w.piece = p
	}
	return w
}

func (w *machine) openBad() {
	w.tasks.Add(1)
	go w.main()
	if w.piece != nil {
		w.tasks.Add(1) // want `whoever waits for w.tasks can wait for ever`
		go w.piece.turn()
	}
}

func (w *machine) main() {
	defer w.tasks.Done()
	w.run()
}

func (w *machine) Start() { w.openBad() }

func (w *machine) Close() { w.tasks.Wait() }
