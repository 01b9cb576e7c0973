// Package kubernetes25331 is a fixed form: both sends heed the context of the
// watch, and an error no longer cancels it first.
package kubernetes25331

import (
	"context"
	"errors"
)

type watchChan struct {
	ctx        context.Context
	cancel     context.CancelFunc
	resultChan chan bool
	errChan    chan error
}

func newWatchChan() *watchChan {
	ctx, cancel := context.WithCancel(context.Background())
	return &watchChan{ctx: ctx, cancel: cancel, resultChan: make(chan bool), errChan: make(chan error)}
}

func (wc *watchChan) Stop() {
	select {
	case wc.errChan <- errors.New("stopped"):
	case <-wc.ctx.Done():
	}
	wc.cancel()
}

func (wc *watchChan) run() {
	select {
	case err := <-wc.errChan:
		select {
		case wc.resultChan <- err.Error() != "":
		case <-wc.ctx.Done():
		}
	case <-wc.ctx.Done():
	}
}

// Run starts a watch and stops it.
func Run() {
	wc := newWatchChan()
	go wc.run()
	go wc.Stop()
}
