// Package joined holds senders that somebody can wait for before the stop of their
// receiver is raised, in ways that are not seen.
package joined

import "sync"

type mill struct {
	in, done chan struct{}
	group    sync.WaitGroup
}

func newMill() *mill { return &mill{in: make(chan struct{}), done: make(chan struct{})} }

func (m *mill) Run() {
	go func() {
		for {
			select {
			case <-m.in:
			case <-m.done:
				return
			}
		}
	}()
}

func (m *mill) PutBad(next func() bool) {
	m.group.Add(1)
	go func() {
		defer m.group.Done()
		for next() {
			m.in <- struct{}{} // want `the receiver of m.in can leave first, by its case m.done`
		}
	}()
}

func (m *mill) GoBad(next func() bool) {
	m.group.Go(func() {
		for next() {
			m.in <- struct{}{} // want `the receiver of m.in can leave first, by its case m.done`
		}
	})
}

func (m *mill) Join(hook func(*sync.WaitGroup)) { hook(&m.group) }

func (m *mill) Stop() { close(m.done) }
