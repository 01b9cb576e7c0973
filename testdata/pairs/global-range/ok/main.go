// Command ok closes the package-level queue.
package main

import (
	"os"
	"sync/atomic"

	"example.com/leaks/judge"
)

var queue = make(chan int)

type adder struct{ sum atomic.Int64 }

func (a *adder) work() {
	for n := range queue {
		a.sum.Add(int64(n))
	}
}

func total(numbers ...int) int64 {
	var a adder
	for range 2 {
		go a.work()
	}
	for _, n := range numbers {
		queue <- n
	}
	close(queue)
	return a.sum.Load()
}

func main() {
	for _, arg := range os.Args {
		total(len(arg))
	}
	judge.Report()
}
