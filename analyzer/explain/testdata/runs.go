package runs

import (
	"context"
	"time"
)

type worker struct{ quit chan struct{} }

func (w *worker) run() { <-w.quit }

func (w *worker) Close() { close(w.quit) }

type runner interface{ Run() }

func recovers(f func()) {
	defer func() { recover() }()
	f()
}

// starts starts what it is given: each that is given has its own verdict.
func starts(f func()) {
	go f() // WANT: ends, if f returns: the parameter f, not listed
}

func passes(f func()) { starts(f) } // WANT: unknown: a function that is not known through example.com/m/runs.starts, not listed

// Starts is asked by nobody in sight.
func Starts(f func()) {
	go f() // WANT: ends, if f returns: the parameter f
}

func sleeps() { time.Sleep(time.Second) }

func Runs(ctx context.Context, r runner, f func()) *worker {
	w := &worker{make(chan struct{})}
	go w.run() // WANT: stops by w.quit: (*worker).run
	g := w.run
	go g()                               // WANT: stops by w.quit: (*worker).run
	go sleeps()                          // WANT: ends: sleeps
	go r.Run()                           // WANT: ends, if r.Run returns: runner.Run
	go f()                               // WANT: ends, if f returns: the parameter f
	go recovers(sleeps)                  // WANT: ends: sleeps through recovers
	go recovers(w.run)                   // WANT: stops by w.quit: (*worker).run through recovers
	go recovers(func() { <-ctx.Done() }) // WANT: stops by ctx.Done(): Runs$1 through recovers
	starts(sleeps)                       // WANT: ends: sleeps through example.com/m/runs.starts
	starts(func() { <-ctx.Done() })      // WANT: stops by ctx.Done(): Runs$2 through example.com/m/runs.starts
	passes(func() { <-ctx.Done() })      // WANT: stops by ctx.Done(): Runs$3 through example.com/m/runs.passes
	time.AfterFunc(time.Second, sleeps)  // WANT: ends: sleeps through time.AfterFunc
	return w
}
