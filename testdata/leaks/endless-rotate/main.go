// Command endless-rotate writes to a new file now and then, for ever.
package main

import (
	"strings"
	"sync"
	"time"

	"example.com/leaks/judge"
)

type logFile struct {
	mu   sync.Mutex
	text strings.Builder
}

func open(every time.Duration) *logFile {
	l := &logFile{}
	go func() {
		for {
			time.Sleep(every)
			l.rotate()
		}
	}()
	return l
}

func (l *logFile) rotate() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Reset()
}

func (l *logFile) Close() error {
	l.rotate()
	return nil
}

func main() {
	for range 2 {
		l := open(2 * time.Millisecond)
		time.Sleep(5 * time.Millisecond)
		l.Close()
	}
	judge.Report()
}
