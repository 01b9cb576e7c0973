// Package closes holds channels that the function which makes them closes on some of
// its ways only.
package closes

import (
	"errors"
	"sync"
	"time"
)

func fails() error { return errors.New("fails") }

func LiteralBad() error {
	quit := make(chan struct{})
	go func() {
		for { // want `goroutine may never stop: only quit would end this, and LiteralBad can return without the close`
			select {
			case <-quit:
				return
			case <-time.After(time.Second):
			}
		}
	}()
	if err := fails(); err != nil {
		return err
	}
	close(quit)
	return nil
}

func untilBad(in chan int) {
	for v := range in { // want `goroutine never stops: the function that started it can return without closing in`
		println(v)
	}
}

func Named(n int) {
	in := make(chan int)
	go untilBad(in)
	if n > 5 {
		return
	}
	close(in)
}

func GroupBad(n int) {
	var wg sync.WaitGroup
	quit := make(chan struct{})
	wg.Go(func() {
		<-quit // want `goroutine waits for ever: the function that started it can return without raising quit`
	})
	if n > 5 {
		close(quit)
	}
}

func start(f func()) {
	go func() {
		defer println("ended")
		f()
	}()
}

func WrapperBad(n int) {
	quit := make(chan struct{})
	start(func() {
		<-quit // want `goroutine waits for ever: the function that started it can return without raising quit`
	})
	for i := range n {
		if i == 7 {
			return
		}
	}
	close(quit)
}

func DeferredOk() error {
	quit := make(chan struct{})
	go func() { <-quit }()
	defer close(quit)
	return fails()
}

func BothOk() error {
	quit := make(chan struct{})
	go func() { <-quit }()
	if err := fails(); err != nil {
		close(quit)
		return err
	}
	close(quit)
	return nil
}

// It returns before the goroutine starts.
func BeforeOk() error {
	quit := make(chan struct{})
	if err := fails(); err != nil {
		return err
	}
	go func() { <-quit }()
	close(quit)
	return nil
}

// A panic ends the process.
func PanicOk() {
	quit := make(chan struct{})
	go func() { <-quit }()
	if err := fails(); err != nil {
		panic(err)
	}
	close(quit)
}

// The goroutine may have ended by itself.
func EndedOk(in chan int) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-quit:
				return
			case v := <-in:
				if v < 0 {
					return
				}
			}
		}
	}()
	select {
	case <-done:
		return
	case <-time.After(time.Second):
	}
	close(quit)
}

// A timer closes it where the function does not.
func TimerOk() error {
	quit := make(chan struct{})
	var once sync.Once
	go func() { <-quit }()
	time.AfterFunc(time.Second, func() { once.Do(func() { close(quit) }) })
	if err := fails(); err != nil {
		return err
	}
	once.Do(func() { close(quit) })
	return nil
}

// The goroutine starts only where the function closes.
func SameConditionOk(n int) {
	quit := make(chan struct{})
	starts := n > 5
	if starts {
		go func() {
			for {
				select {
				case <-quit:
					return
				case <-time.After(time.Second):
				}
			}
		}()
	}
	if starts {
		close(quit)
	}
}

// It is filled and closed before anybody starts to take.
func FilledOk(n, workers int, work func()) {
	var wg sync.WaitGroup
	ch := make(chan int, n)
	for i := range n {
		ch <- i
	}
	close(ch)
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range ch {
				work()
			}
		}()
	}
	wg.Wait()
}

// Each way to the start has closed it.
func EitherOk(all bool) {
	ch := make(chan int, 9)
	if all {
		ch <- 1
		close(ch)
	} else {
		close(ch)
	}
	go func() {
		for range ch {
		}
	}()
}

// The answer shows that the goroutine is past its wait.
func AnsweredOk(take func(in chan int) error) error {
	ch, errs := make(chan int), make(chan error)
	go func() {
		for v := range ch {
			if v < 0 {
				break
			}
		}
		if err := fails(); err != nil {
			errs <- err
		}
		close(errs)
	}()
	for i := range 10 {
		select {
		case ch <- i:
		case err := <-errs:
			return err
		}
	}
	close(ch)
	return <-errs
}
