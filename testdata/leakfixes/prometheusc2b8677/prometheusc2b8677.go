// Package prometheusc2b8677 is after prometheus c2b86775b6f5: a scrape loop
// reports errors on a channel that its caller handed in, without heeding its
// own context.
package prometheusc2b8677

import (
	"context"
	"time"
)

type loopBad struct {
	ctx    context.Context
	cancel context.CancelFunc
	scrape func() error
}

func newLoopBad(scrape func() error) *loopBad {
	l := &loopBad{scrape: scrape}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	return l
}

func (l *loopBad) run(interval time.Duration, errc chan<- error) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-ticker.C:
		}
		l.scrapeAndReport(errc)
	}
}

func (l *loopBad) scrapeAndReport(errc chan<- error) {
	if err := l.scrape(); err != nil && errc != nil {
		errc <- err
	}
}

// Stop ends the loop.
func (l *loopBad) Stop() { l.cancel() }

type loopOk struct {
	ctx    context.Context
	cancel context.CancelFunc
	scrape func() error
}

func newLoopOk(scrape func() error) *loopOk {
	l := &loopOk{scrape: scrape}
	l.ctx, l.cancel = context.WithCancel(context.Background())
	return l
}

func (l *loopOk) run(interval time.Duration, errc chan<- error) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-ticker.C:
		}
		l.scrapeAndReport(errc)
	}
}

func (l *loopOk) scrapeAndReport(errc chan<- error) {
	if err := l.scrape(); err != nil && errc != nil {
		select {
		case errc <- err:
		case <-l.ctx.Done():
		}
	}
}

// Stop ends the loop.
func (l *loopOk) Stop() { l.cancel() }

// Scrape waits for the first error of each loop.
func Scrape(scrape func() error) (error, error) {
	bad, ok := newLoopBad(scrape), newLoopOk(scrape)
	defer bad.Stop()
	defer ok.Stop()
	badErr, okErr := make(chan error), make(chan error)
	go bad.run(time.Second, badErr)
	go ok.run(time.Second, okErr)
	return <-badErr, <-okErr
}
