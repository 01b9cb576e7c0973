package groups

import "sync"

// What helpers do to the groups that they are given says nothing of a group that is
// given to none of them.

func FinishOk(wg *sync.WaitGroup) { wg.Done() }

func ResetOk(wg *sync.WaitGroup) {
	wg.Add(1)
	defer wg.Done()
}

func methodValueOk(run func(done func())) {
	var wg sync.WaitGroup
	wg.Add(1)
	run(wg.Done)
	wg.Wait()
}

func helperOk(a, b bool) {
	var one, two sync.WaitGroup
	one.Add(1)
	two.Add(1)
	if a {
		go pass(&one)
	} else {
		one.Done()
	}
	if b {
		go pass(&two)
	} else {
		two.Done()
	}
	one.Wait()
	two.Wait()
}

func pass(wg *sync.WaitGroup) { relay(wg) }

func relay(wg *sync.WaitGroup) { wg.Done() }

func forgottenBad() {
	var wg sync.WaitGroup
	wg.Add(1)
	wg.Wait() // want "whoever gets here waits for ever: nothing calls Done on wg"
}

func oneMoreBad(f func()) {
	var wg sync.WaitGroup
	wg.Add(3)
	go func() { defer wg.Done(); f() }()
	go func() { defer wg.Done(); f() }()
	wg.Wait() // want "whoever gets here waits for ever: wg counts 1 more than there are calls of Done"
}

// One call adds, another takes away.

type tracker struct {
	wg sync.WaitGroup
	n  int
}

func (t *tracker) track(add bool) {
	if add {
		t.n++
		t.wg.Add(1)
	} else {
		t.n--
		t.wg.Done()
	}
}

func (t *tracker) ServeOk(f func()) {
	go func() {
		t.track(true)
		defer t.track(false)
		f()
	}()
}

func (t *tracker) CloseOk() { t.wg.Wait() }

func newTracker() *tracker { return &tracker{} }

func TrackOk(f func()) {
	t := newTracker()
	t.ServeOk(f)
	t.CloseOk()
}

// The address is kept in a variable that is cleared once it has been told.

func ToldOnceOk(names []string, start func(string, func())) {
	wg := sync.WaitGroup{}
	wg.Add(len(names))
	for _, n := range names {
		told := &wg
		start(n, func() {
			if told != nil {
				told.Done()
				told = nil
			}
		})
	}
	wg.Wait()
}

func NeverToldBad(names []string, start func(string, func())) {
	wg := sync.WaitGroup{}
	wg.Add(len(names))
	for _, n := range names {
		start(n, func() {})
	}
	wg.Wait() // want "nothing calls Done on wg"
}
