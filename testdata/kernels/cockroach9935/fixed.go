// Package cockroach9935 is a fixed form: the lock is released before the exit
// takes it again.
package cockroach9935

import (
	"errors"
	"math/rand"
	"sync"
)

type logging struct {
	mu     sync.Mutex
	exited bool
}

func (l *logging) output() {
	l.mu.Lock()
	err := l.createFile()
	l.mu.Unlock()
	if err != nil {
		l.exit(err)
	}
}

func (l *logging) createFile() error {
	if rand.Intn(2) == 0 {
		return errors.New("no file")
	}
	return nil
}

func (l *logging) exit(error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.exited = true
}

// Run logs an entry.
func Run() { go (&logging{}).output() }
