package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/killcheck/killcheck/internal/plain"
)

// progressDelay is how long a run may take before it says how far it is.
const progressDelay = time.Second

// eraseLine makes a terminal empty the line that the cursor is in.
const eraseLine = "\r\x1b[K"

// A progress shows one line on a terminal while a long run lasts. A nil
// progress shows nothing.
type progress struct {
	w      *plain.Writer
	ticker *time.Ticker
	quit   chan struct{}
	ended  chan struct{}

	mu    sync.Mutex
	n, of int
}

// startProgress returns a progress that writes to w, or nil if w is no
// terminal. The caller must stop it before it writes to w itself.
func startProgress(w *plain.Writer) *progress {
	if !isTerminal(w) {
		return nil
	}
	p := &progress{w: w, ticker: time.NewTicker(progressDelay), quit: make(chan struct{}), ended: make(chan struct{})}
	go p.run()
	return p
}

func (p *progress) run() {
	defer close(p.ended)
	shown := false
	for {
		select {
		case <-p.ticker.C:
			p.mu.Lock()
			n, of := p.n, p.of
			p.mu.Unlock()
			_ = p.w.Control(eraseLine) // a terminal that is gone needs no line
			if of == 0 {
				fmt.Fprint(p.w, "killcheck: loading packages")
			} else {
				fmt.Fprintf(p.w, "killcheck: %d of %d packages analysed", n, of)
			}
			shown = true
		case <-p.quit:
			if shown {
				_ = p.w.Control(eraseLine)
			}
			return
		}
	}
}

// done says that n packages of so many have been analysed.
func (p *progress) done(n, of int) {
	if p == nil {
		return
	}
	p.mu.Lock()
	p.n, p.of = n, of
	p.mu.Unlock()
}

// stop removes the line and waits until it is gone.
func (p *progress) stop() {
	if p == nil {
		return
	}
	p.ticker.Stop()
	close(p.quit)
	<-p.ended
}

// isTerminal reports whether w is a terminal that can move its cursor.
func isTerminal(w *plain.Writer) bool {
	f, ok := w.Behind().(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" || os.Getenv("TERM") == "" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
