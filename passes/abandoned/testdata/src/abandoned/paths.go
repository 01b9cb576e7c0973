package abandoned

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// A flag says which send was done: no path does both.

func flagOk(fail bool) {
	done := make(chan int)
	go func() {
		sent := false
		if fail {
			done <- 1
			sent = true
		}
		if !sent {
			done <- 2
		}
	}()
	<-done
}

func capturedFlagOk(work func() error) {
	done := make(chan error)
	go func() {
		sent := false
		defer func() {
			if r := recover(); r != nil {
				sent = true
			}
		}()
		if err := work(); err != nil {
			done <- err
			sent = true
		}
		if !sent {
			done <- nil
		}
	}()
	<-done
}

func errorOk(work func() error) {
	done := make(chan error)
	go func() {
		err := work()
		if err != nil {
			done <- err
		}
		if err == nil {
			done <- nil
		}
	}()
	<-done
}

func stateOk(a, b bool) {
	done := make(chan int)
	go func() {
		state := 0
		if a {
			done <- 1
			state = 1
		} else if b {
			done <- 2
			state = 2
		}
		switch state {
		case 0:
			done <- 0
		}
	}()
	<-done
}

// The flag says nothing of the first send.
func otherFlagBad(a, b bool) {
	done := make(chan int)
	go func() {
		other := false
		if a {
			done <- 1
		} else if b {
			other = true
		}
		if !other {
			done <- 2 // want "there are 2 sends on done, but on one path only 1"
		}
	}()
	<-done
}

// The flag is set before the loop comes round.
func loopFlagOk(items []int) {
	done := make(chan int)
	go func() {
		found := false
		for _, n := range items {
			if n > 3 {
				done <- n
				found = true
				break
			}
		}
		if !found {
			done <- 0
		}
	}()
	<-done
}

// A literal has as many elements as it shows.

func oneElementOk() {
	results := make(chan int)
	go func() {
		for _, n := range []int{7} {
			results <- n
		}
	}()
	<-results
}

func twoElementsOk() {
	results := make(chan int, 1)
	go func() {
		for _, n := range []int{7, 8} {
			results <- n
		}
	}()
	<-results
}

func threeElementsBad() {
	results := make(chan int)
	go func() {
		for _, n := range []int{7, 8, 9} {
			results <- n // want "there are 3 sends on results, but on one path only 1"
		}
	}()
	<-results
}

// Each element has a channel of its own, with room for its one send.

func sliceOk(ctx context.Context, n int, fetch func() error) error {
	errs := make([]chan error, n)
	for i := range errs {
		errs[i] = make(chan error, 1)
	}
	go func() {
		err := fetch()
		for i := range errs {
			errs[i] <- err
		}
	}()
	for i := range n {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-errs[i]:
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func mapOk(ctx context.Context, names []string, fetch func() error) error {
	errs := make(map[string]chan error)
	for _, name := range names {
		errs[name] = make(chan error, 1)
	}
	go func() {
		err := fetch()
		for _, c := range errs {
			c <- err
		}
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-errs[names[0]]:
		return err
	}
}

type reply struct{ to chan error }

func objectsOk(ctx context.Context, n int, fetch func() error) error {
	var replies []*reply
	for range n {
		replies = append(replies, &reply{to: make(chan error, 1)})
	}
	go func() {
		for _, r := range replies {
			r.to <- fetch()
		}
	}()
	for _, r := range replies {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-r.to:
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// All elements are one channel.
func sameBad(ctx context.Context, n int, fetch func() error) error {
	errs := make([]chan error, n)
	one := make(chan error, 1)
	for i := range errs {
		errs[i] = one
	}
	go func() {
		for _, c := range errs {
			c <- fetch() // want "can return with sends on c still to come"
		}
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-errs[0]:
		return err
	}
}

// Two sends for each element, and room for one.
func twiceBad(ctx context.Context, n int, fetch func() error) error {
	errs := make([]chan error, n)
	for i := range errs {
		errs[i] = make(chan error, 1)
	}
	go func() {
		for _, c := range errs {
			c <- fetch()
			c <- errors.New("once more") // want "goroutine cannot end its send"
		}
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-errs[0]:
		return err
	}
}

// Two selects over two channels: each takes one of the two sends.

func twoSelectsOk(f, g func() int) (sum int) {
	a, b := make(chan int), make(chan int)
	go func() { a <- f() }()
	go func() { b <- g() }()
	select {
	case n := <-a:
		sum += n
	case n := <-b:
		sum += n
	}
	select {
	case n := <-a:
		sum += n
	case n := <-b:
		sum += n
	}
	return sum
}

func loopOfSelectsOk(f, g func() int) (sum int) {
	a, b := make(chan int), make(chan int)
	go func() { a <- f() }()
	go func() { b <- g() }()
	for range 2 {
		select {
		case n := <-a:
			sum += n
		case n := <-b:
			sum += n
		}
	}
	return sum
}

// The second select can be left otherwise.
func secondLeavesBad(ctx context.Context, f, g func() int) (sum int) {
	a, b := make(chan int), make(chan int)
	go func() { a <- f() }() // want "can return without receiving from a"
	go func() { b <- g() }() // want "can return without receiving from b"
	select {
	case n := <-a:
		sum += n
	case n := <-b:
		sum += n
	}
	select {
	case n := <-a:
		sum += n
	case n := <-b:
		sum += n
	case <-ctx.Done():
	}
	return sum
}

// The send of a handler that recovers comes instead of the last send.

func recoverOk(f func() error) error {
	c := make(chan error)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				c <- errors.New("panic")
			}
		}()
		c <- f()
	}()
	return <-c
}

// What comes after the send may panic.
func recoverBad(f func() error, after func()) error {
	c := make(chan error)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				c <- errors.New("panic") // want "there are 2 sends on c, but on one path only 1"
			}
		}()
		c <- f()
		after()
	}()
	return <-c
}

// What is deferred is sent in any case.
func deferredBad(f func() error) error {
	c := make(chan error)
	go func() {
		defer func() {
			c <- nil // want "there are 2 sends on c, but on one path only 1"
		}()
		c <- f()
	}()
	return <-c
}

// Flags of other forms.

func atomicFlagOk(a bool) {
	c := make(chan int)
	go func() {
		var sent atomic.Bool
		if a {
			c <- 1
			sent.Store(true)
		}
		if !sent.Load() {
			c <- 2
		}
	}()
	<-c
}

// Another goroutine sets the flag.
func sharedFlagBad(f func() int) {
	c := make(chan int)
	var over atomic.Bool
	go func() {
		c <- f() // want "can return without receiving from c"
	}()
	time.AfterFunc(time.Second, func() { over.Store(true) })
	if over.Load() {
		return
	}
	<-c
}

// A literal that has a name.
func namedLiteralOk(f func(string) int) {
	c := make(chan int)
	names := []string{"a", "b"}
	go func() {
		for _, s := range names {
			c <- f(s)
		}
	}()
	<-c
	<-c
}

// It grows.
func grownBad(f func(string) int, more string) {
	c := make(chan int)
	names := []string{"a", "b"}
	names = append(names, more)
	go func() {
		for _, s := range names {
			c <- f(s) // want "can return with sends on c still to come"
		}
	}()
	<-c
	<-c
}

// A goroutine for each element, with the channel of that element.

func eachStartedOk(ctx context.Context, names []string, f func(string) int) error {
	results := make(map[string]chan int)
	for _, name := range names {
		results[name] = make(chan int, 1)
	}
	for name, c := range results {
		go func() { c <- f(name) }()
	}
	for _, c := range results {
		select {
		case <-c:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

type task struct {
	n      int
	result chan int
}

func tasksOk(ctx context.Context, n int) error {
	tasks := make([]task, n)
	for i := range tasks {
		tasks[i] = task{n: i, result: make(chan int, 1)}
	}
	go func() {
		for _, t := range tasks {
			t.result <- t.n
		}
	}()
	for _, t := range tasks {
		select {
		case <-t.result:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

type shared struct {
	n      int
	result chan int
}

func oneResultBad(ctx context.Context, n int) error {
	tasks := make([]shared, n)
	result := make(chan int, 1)
	for i := range tasks {
		tasks[i] = shared{n: i, result: result}
	}
	go func() {
		for _, t := range tasks {
			t.result <- t.n // want "can return with sends on t.result still to come"
		}
	}()
	for _, t := range tasks {
		select {
		case <-t.result:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// The second sender starts only if the first has been received from: an error says that
// it was not.

func inTurnsOk(first, second func(), late <-chan int) error {
	done := make(chan struct{}, 1)
	go func() {
		first()
		done <- struct{}{}
	}()
	var err error
	select {
	case <-done:
	case <-late:
		err = fmt.Errorf("late by %d", cap(late))
	}
	if err != nil {
		return err
	}
	go func() {
		second()
		done <- struct{}{}
	}()
	select {
	case <-done:
	case <-late:
		return errLate
	}
	return nil
}

var errLate = errors.New("late")
