package groups

import (
	"errors"
	"log"
	"sync"
)

// What calls Done is a function that is given away for others to call.

func chop(log int) error {
	if log < 0 {
		return errors.New("no log")
	}
	return nil
}

type yard struct{ tasks chan func() error }

func newYard() *yard {
	y := &yard{tasks: make(chan func() error)}
	go func() {
		for task := range y.tasks {
			if err := task(); err != nil {
				log.Print(err)
			}
		}
	}()
	return y
}

func (y *yard) give(task func() error) { y.tasks <- task }

func YardBad(logs []int) {
	y := newYard()
	defer close(y.tasks)
	var wg sync.WaitGroup
	for _, l := range logs {
		wg.Add(1)
		y.give(func() error {
			if err := chop(l); err != nil {
				return err
			}
			wg.Done()
			return nil
		})
	}
	wg.Wait() // want `can wait for ever: a function that is given away to call wg.Done\(\) can return without`
}

func YardOk(logs []int) {
	y := newYard()
	defer close(y.tasks)
	var wg sync.WaitGroup
	for _, l := range logs {
		wg.Add(1)
		y.give(func() error {
			defer wg.Done()
			return chop(l)
		})
	}
	wg.Wait()
}

func do(name string, task func() error) {
	if err := task(); err != nil {
		log.Print(name, err)
	}
}

func DoBad(l int) {
	var wg sync.WaitGroup
	wg.Add(1)
	do("chop", func() error {
		if err := chop(l); err != nil {
			return err
		}
		wg.Done()
		return nil
	})
	wg.Wait() // want `can wait for ever: a function that is given away to call wg.Done\(\) can return without`
}

type shed struct {
	yard chan func() error
	quit chan struct{}
	wg   sync.WaitGroup
}

func (s *shed) work() {
	for {
		select {
		case <-s.quit:
			return
		case task := <-s.yard:
			_ = task()
		}
	}
}

func (s *shed) chopOne() error {
	if err := chop(1); err != nil {
		return err
	}
	s.wg.Done()
	return nil
}

func ShedBad() {
	s := &shed{yard: make(chan func() error), quit: make(chan struct{})}
	go s.work()
	for range 4 {
		s.wg.Add(1)
		s.yard <- s.chopOne
	}
	s.wg.Wait() // want `can wait for ever: a function that is given away to call s.wg.Done\(\) can return without`
	close(s.quit)
}

// It is called again until it works.
func again(task func() error) {
	for task() != nil {
		log.Print("again")
	}
}

func AgainOk(l int) {
	var wg sync.WaitGroup
	wg.Add(1)
	go again(func() error {
		if err := chop(l); err != nil {
			return err
		}
		wg.Done()
		return nil
	})
	wg.Wait()
}

// Code that was not read may do so as well.
func UnreadOk(l int, run func(func() error)) {
	var wg sync.WaitGroup
	wg.Add(1)
	run(func() error {
		if err := chop(l); err != nil {
			return err
		}
		wg.Done()
		return nil
	})
	wg.Wait()
}

// Who gives it away hears of the error, and does not wait.
func try(task func() error) error { return task() }

func TryOk(l int) error {
	var wg sync.WaitGroup
	wg.Add(1)
	if err := try(func() error {
		if err := chop(l); err != nil {
			return err
		}
		wg.Done()
		return nil
	}); err != nil {
		return err
	}
	wg.Wait()
	return nil
}

// The program ends if it fails.
func must(task func() error) {
	if err := task(); err != nil {
		log.Fatal(err)
	}
}

func MustOk(l int) {
	var wg sync.WaitGroup
	wg.Add(1)
	must(func() error {
		if err := chop(l); err != nil {
			return err
		}
		wg.Done()
		return nil
	})
	wg.Wait()
}

// One Add for many calls, of which the last tells.
func LastOk(logs []int) {
	y := newYard()
	defer close(y.tasks)
	var wg sync.WaitGroup
	wg.Add(1)
	for i, l := range logs {
		y.give(func() error {
			if i+1 < len(logs) {
				return chop(l)
			}
			wg.Done()
			return nil
		})
	}
	wg.Wait()
}
