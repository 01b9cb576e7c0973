// Package lookalikes holds sends and receives that look abandoned and are not.
// No check may report anything here.
package lookalikes

import (
	"context"
	"io"
	"sync"
	"time"
)

// The consumer drains until the close that follows the wait.
func drainAfterWait(parts []func() int) (sum int) {
	results := make(chan int)
	var wg sync.WaitGroup
	wg.Add(len(parts))
	for _, part := range parts {
		go func() {
			defer wg.Done()
			results <- part()
		}()
	}
	go func() {
		wg.Wait()
		close(results)
	}()
	for r := range results {
		if r < 0 {
			continue
		}
		sum += r
	}
	return sum
}

// As many receives as sends.
func counted(decoder io.Reader, n int, work func()) {
	done := make(chan bool)
	for i := 0; i < n; i++ {
		go func() {
			work()
			done <- true
		}()
	}
	for i := 0; i < n; i++ {
		<-done
	}
}

func pair(left, right func() error) (a, b error) {
	l, r := make(chan error), make(chan error)
	go func() { l <- left() }()
	go func() { r <- right() }()
	a = <-l
	b = <-r
	return a, b
}

// An unconditional receive after the select.
func afterSelect(warn func(), commit func()) {
	done := make(chan struct{})
	go func() {
		commit()
		done <- struct{}{}
	}()
	select {
	case <-time.After(time.Second):
		warn()
	}
	<-done
}

// A receive in the arm that leaves.
func leavingArm(ctx context.Context, c io.Closer, shake func() error) error {
	errs := make(chan error)
	go func() { errs <- shake() }()
	select {
	case <-ctx.Done():
		c.Close()
		<-errs
		return ctx.Err()
	case err := <-errs:
		return err
	}
}

// A slice of channels with room for one each.
func slots(jobs []func() int) []int {
	slots := make([]chan int, 0, len(jobs))
	for _, job := range jobs {
		slot := make(chan int, 1)
		slots = append(slots, slot)
		go func() { slot <- job() }()
	}
	var all []int
	for _, slot := range slots {
		select {
		case v := <-slot:
			all = append(all, v)
		case <-time.After(time.Second):
			return all
		}
	}
	return all
}

// The producer has a way out of its own.
func generator(ctx context.Context) <-chan int {
	ch := make(chan int)
	go func() {
		defer close(ch)
		for i := 0; ; i++ {
			select {
			case ch <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return ch
}

func firstFew(use func(int) bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for v := range generator(ctx) {
		if !use(v) {
			return
		}
	}
}

// A done channel that the consumer closes when it leaves.
func consumerCloses(lines []string, use func(string) error) error {
	ch, done := make(chan string), make(chan struct{})
	defer close(done)
	go func() {
		defer close(ch)
		for _, line := range lines {
			select {
			case ch <- line:
			case <-done:
				return
			}
		}
	}()
	for line := range ch {
		if err := use(line); err != nil {
			return err
		}
	}
	return nil
}

// The consumer drains what is left before it leaves.
func drainsRest(lines []string, use func(string) error) error {
	ch := make(chan string)
	go func() {
		defer close(ch)
		for _, line := range lines {
			ch <- line
		}
	}()
	var first error
	for line := range ch {
		if first != nil {
			continue
		}
		first = use(line)
	}
	return first
}

// A deferred drain.
func deferredDrain(lines []string, use func(string) error) error {
	ch := make(chan string)
	go func() {
		defer close(ch)
		for _, line := range lines {
			ch <- line
		}
	}()
	defer func() {
		for range ch {
		}
	}()
	for line := range ch {
		if err := use(line); err != nil {
			return err
		}
	}
	return nil
}

// A done channel with a close instead of a send: nobody has to be there.
func closes(work func()) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	select {
	case <-done:
		return true
	case <-time.After(time.Second):
		return false
	}
}
