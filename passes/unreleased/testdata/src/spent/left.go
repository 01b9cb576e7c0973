package spent

import (
	"context"
	"sync"
)

func LeftBad(n int) (sum int) {
	out := make(chan int)
	go func() {
		for i := range n {
			out <- i
		}
	}()
	for v := range out { // want `those who send on it return`
		sum += v
	}
	return sum
}

func fill(out chan<- int) {
	for i := range 9 {
		out <- i
	}
}

func FilledBad() (sum int) {
	out := make(chan int, 3)
	go fill(out)
	for v := range out { // want `those who send on it return`
		sum += v
	}
	return sum
}

func ManyBad(urls []string, get func(string) int) (sum int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Go(func() { out <- get(u) })
	}
	go func() {
		wg.Wait()
	}()
	for v := range out { // want `those who send on it return`
		sum += v
	}
	return sum
}

func ClosedOk(n int) (sum int) {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := range n {
			out <- i
		}
	}()
	for v := range out {
		sum += v
	}
	return sum
}

func JoinedOk(urls []string, get func(string) int) (sum int) {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Go(func() { out <- get(u) })
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	for v := range out {
		sum += v
	}
	return sum
}

// It is left before.
func BreakOk(n int) (last int) {
	out := make(chan int, n)
	go func() {
		for i := range n {
			out <- i
		}
	}()
	for v := range out {
		last = v
		if v == n-1 {
			break
		}
	}
	return last
}

// The sender never ends: what comes is worked on as long as the program runs.
func ForeverOk(next func() int, work func(int)) {
	out := make(chan int)
	go func() {
		for {
			out <- next()
		}
	}()
	for v := range out {
		work(v)
	}
}

// Each job starts more.
func MoreOk(first int, work func(int) []int) {
	jobs := make(chan int, 10)
	start := func(n int) {
		go func() {
			for _, m := range work(n) {
				jobs <- m
			}
		}()
	}
	start(first)
	for n := range jobs {
		start(n)
	}
}

// Others may close it.
func GivenOk(keep func(chan int)) (sum int) {
	out := make(chan int)
	keep(out)
	go func() { out <- 1 }()
	for v := range out {
		sum += v
	}
	return sum
}

// It may be meant to send as long as the program runs.
func UntilOk(ctx context.Context, next func() int) (sum int) {
	out := make(chan int)
	go func() {
		for {
			select {
			case out <- next():
			case <-ctx.Done():
				return
			}
		}
	}()
	for v := range out {
		sum += v
	}
	return sum
}
