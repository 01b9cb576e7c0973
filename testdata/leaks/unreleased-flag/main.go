// Command unreleased-flag loops until a flag is set.
package main

import (
	"sync/atomic"
	"time"

	"example.com/leaks/judge"
)

type job struct {
	done  atomic.Bool
	ticks atomic.Int64
}

func (j *job) run() {
	for !j.done.Load() {
		j.ticks.Add(1)
		time.Sleep(time.Millisecond)
	}
}

// Close ends the job.
func (j *job) Close() { j.ticks.Store(0) }

func start() *job {
	j := &job{}
	go j.run()
	return j
}

func main() {
	for range 2 {
		j := start()
		time.Sleep(3 * time.Millisecond)
		j.Close()
	}
	judge.Report()
}
