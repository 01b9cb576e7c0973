package p

import (
	"os"
	"sync"
)

func try() error { return os.Chdir("/") }

func noDone() {
	var wg sync.WaitGroup
	wg.Add(1)
	go try()
	wg.Wait() // WANT: nothing is done
}

func leaves() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if try() != nil {
			return
		}
		wg.Done()
	}()
	wg.Wait() // WANT: a member leaves at -4
}

func allRounds(xs []int) {
	var wg sync.WaitGroup
	wg.Add(len(xs))
	for range xs {
		go func() {
			defer wg.Done()
			try()
		}()
		wg.Wait() // WANT: all rounds are counted
	}
}

func joins(xs []int) {
	var wg sync.WaitGroup
	for range xs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			try()
		}()
	}
	wg.Wait()
}

func more() error {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		try()
	}()
	wg.Wait() // WANT: more is counted
	return nil
}

// Others wait for the group, and an Add is not followed by a goroutine.
type pool struct{ wg sync.WaitGroup }

func (p *pool) run() error {
	p.wg.Add(1) // WANT: more is added at +2
	if err := try(); err != nil {
		return err
	}
	go func() {
		defer p.wg.Done()
		try()
	}()
	return nil
}

func (p *pool) wait() { p.wg.Wait() }

func usePool() {
	p := new(pool)
	p.run()
	p.wait()
}

func ownMember() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		wg.Wait() // WANT: waits for itself
	}()
}

// The flag is set, and who waits is not told.
func untold() {
	var mu sync.Mutex
	var over bool
	var jobs int
	c := sync.NewCond(&mu)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		for jobs == 0 && !over {
			c.Wait() // WANT: who sets the flag does not signal at +5
		}
	}()
	defer func() {
		mu.Lock()
		over = true
		mu.Unlock()
	}()
	mu.Lock()
	jobs++
	mu.Unlock()
	c.Signal()
}

func unsignalled() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	mu.Lock()
	c.Wait() // WANT: nothing signals
	mu.Unlock()
}

// A function that alone calls Done is given away, and can return without that.
func gives(all chan func()) {
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		all <- func() {
			if try() != nil {
				return
			}
			wg.Done()
		}
	}
	wg.Wait() // WANT: a function that is given away leaves at -5
}

func runs() {
	all := make(chan func())
	go func() {
		for f := range all {
			f()
		}
	}()
	gives(all)
}
