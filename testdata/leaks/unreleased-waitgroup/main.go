// Command unreleased-waitgroup adds to a group what is never done.
package main

import (
	"sync"
	"time"

	"example.com/leaks/judge"
)

func run(jobs []func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go func() {
			job()
		}()
	}
	go func() {
		wg.Wait()
	}()
	time.Sleep(2 * time.Millisecond)
}

func main() {
	for range 2 {
		run([]func(){func() {}, func() {}})
	}
	judge.Report()
}
