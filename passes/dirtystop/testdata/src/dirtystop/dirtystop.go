// Package dirtystop holds fixtures.
package dirtystop

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"sync"
)

func drainBad(ctx context.Context, mu *sync.Mutex, jobs <-chan int, work func(int)) {
	go func() {
		for {
			mu.Lock()
			select {
			case job, ok := <-jobs:
				if !ok {
					mu.Unlock()
					return
				}
				work(job)
			case <-ctx.Done():
				return // want "goroutine leaves on its stop with mu.* still held"
			}
			mu.Unlock()
		}
	}()
}

func drainOk(ctx context.Context, mu *sync.Mutex, jobs <-chan int, work func(int)) {
	go func() {
		for {
			mu.Lock()
			select {
			case job := <-jobs:
				work(job)
			case <-ctx.Done():
				mu.Unlock()
				return
			}
			mu.Unlock()
		}
	}()
}

func copyBad(ctx context.Context, name string, lines <-chan string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err() // want "with the value of os.Create still open, which the other paths close"
		case l, ok := <-lines:
			if !ok {
				return f.Close()
			}
			f.WriteString(l)
		}
	}
}

func copyOk(ctx context.Context, name string, lines <-chan string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case l := <-lines:
			f.WriteString(l)
		}
	}
}

func closesOk(ctx context.Context, name string, lines <-chan string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		f.Close()
		return ctx.Err()
	case l := <-lines:
		f.WriteString(l)
	}
	return f.Close()
}

// Not yet open when the stop comes.
func earlyOk(ctx context.Context, name string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return f.Close()
}

func groupBad(ctx context.Context, work <-chan int) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		select {
		case <-ctx.Done():
			return // want "without the Done that its other paths call"
		case <-work:
		}
		wg.Done()
	}()
	wg.Wait()
}

func resultBad(ctx context.Context, work <-chan int) {
	out := make(chan int)
	go func() {
		select {
		case <-ctx.Done():
			return // want "without closing the channel that its other paths close"
		case <-work:
		}
		close(out)
	}()
	<-out
}

// One Done for each job.
func perJobOk(ctx context.Context, work <-chan int, wg *sync.WaitGroup) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-work:
				wg.Done()
			}
		}
	}()
}

// Closing a format frees nothing.
func formatOk(ctx context.Context, lines <-chan []byte) {
	z := gzip.NewWriter(new(bytes.Buffer))
	for {
		select {
		case <-ctx.Done():
			return
		case l := <-lines:
			z.Write(l)
			z.Close()
		}
	}
}

// Who is not waited for has no group: neither Add nor Done are left out.
func GroupGood(ctx context.Context, jobs chan int, wg *sync.WaitGroup) {
	if wg != nil {
		wg.Add(1)
	}
	go func() {
		for {
			select {
			case n := <-jobs:
				println(n)
			case <-ctx.Done():
				if wg != nil {
					wg.Done()
				}
				return
			}
		}
	}()
}

// The other way round, with a value in between.
func GroupSetGood(ctx context.Context, jobs chan int, options *struct{ wg *sync.WaitGroup }) {
	var wg *sync.WaitGroup
	if options != nil {
		wg = options.wg
	}
	if wg != nil {
		wg.Add(1)
	}
	go func() {
		for {
			select {
			case n := <-jobs:
				println(n)
			case <-ctx.Done():
				if nil == wg {
					return
				}
				wg.Done()
				return
			}
		}
	}()
}

// Another condition says nothing of the group.
func GroupBad(ctx context.Context, jobs chan int, wg *sync.WaitGroup, quiet bool) {
	wg.Add(1)
	go func() {
		for {
			select {
			case n := <-jobs:
				println(n)
			case <-ctx.Done():
				if quiet {
					return // want "without the Done that its other paths call"
				}
				wg.Done()
				return
			}
		}
	}()
}

// The caller holds the lock, and is given it back as it was.
type walker struct {
	mu   sync.Mutex
	next chan int
}

func (w *walker) visitGood(ctx context.Context) error {
	w.mu.Unlock()
	select {
	case <-ctx.Done():
		w.mu.Lock()
		return ctx.Err()
	case n := <-w.next:
		println(n)
	}
	return nil
}

func (w *walker) walk(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.visitGood(ctx)
}

func Walk(ctx context.Context) {
	w := &walker{next: make(chan int)}
	go w.walk(ctx)
	w.next <- 1
}
