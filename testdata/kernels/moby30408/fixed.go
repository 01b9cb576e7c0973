// Package moby30408 is a fixed form: an activation that fails wakes those who
// wait for it.
package moby30408

import (
	"errors"
	"sync"
)

type manifest struct{ implements []string }

type plugin struct {
	activateWait *sync.Cond
	activateErr  error
	manifest     *manifest
}

func (p *plugin) waitActive() error {
	p.activateWait.L.Lock()
	defer p.activateWait.L.Unlock()
	for !p.activated() {
		p.activateWait.Wait()
	}
	return p.activateErr
}

func (p *plugin) activated() bool { return p.manifest != nil || p.activateErr != nil }

func (p *plugin) fail(err error) {
	p.activateWait.L.Lock()
	p.activateErr = err
	p.activateWait.L.Unlock()
	p.activateWait.Broadcast()
}

// Run waits for a plugin that fails.
func Run() {
	p := &plugin{activateWait: sync.NewCond(&sync.Mutex{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.waitActive()
	}()
	p.fail(errors.New("no such plugin"))
	<-done
}
