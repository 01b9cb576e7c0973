package falsestop

// A break that leaves only the select.

func ReturnBad(jobs <-chan int, quit <-chan struct{}, work func(int)) {
	go func() {
		for {
			select {
			case job := <-jobs:
				work(job)
			case <-quit:
				break // want `this break leaves the select`
			}
		}
	}()
}

func LabelBad(jobs <-chan int, quit <-chan struct{}, work func(int), after func()) {
	go func() {
		for {
			select {
			case job := <-jobs:
				work(job)
			case <-quit:
				// Leave.
				break // want `this break leaves the select`
			}
		}
		after()
	}()
}

// The break is followed by a test that leaves the loop.
func TestedOk(jobs <-chan int, quit <-chan struct{}, work func(int)) {
	go func() {
		stop := false
		for !stop {
			select {
			case job := <-jobs:
				work(job)
			case <-quit:
				stop = true
				break
			}
		}
	}()
}

func LabelledOk(jobs <-chan int, quit <-chan struct{}, work func(int)) {
	go func() {
	loop:
		for {
			select {
			case job := <-jobs:
				work(job)
			case <-quit:
				break loop
			}
		}
	}()
}

func AfterOk(jobs <-chan int, quit <-chan struct{}, work func(int)) {
	go func() {
		select {
		case job := <-jobs:
			work(job)
		case <-quit:
			break
		}
		work(0)
	}()
}

// A worker whose stop carries a value that nobody looks at.
type carrier struct {
	idle chan chan int
	in   chan int
	quit chan bool
}

func newCarrier(idle chan chan int) carrier {
	return carrier{idle: idle, in: make(chan int), quit: make(chan bool)}
}

func (c carrier) startBad(use func(int)) {
	go func() {
		for {
			select {
			case <-c.quit:
				break // want `stop has no effect: this break leaves the select, not the loop around it`
			case c.idle <- c.in:
				use(<-c.in)
			}
		}
	}()
}

func (c carrier) Stop() { c.quit <- true }

// A player that pauses: the value is an order, and the case goes round on purpose.
type player struct {
	ticks  <-chan struct{}
	paused chan bool
	play   func()
}

func newPlayer(ticks <-chan struct{}, play func()) *player {
	p := &player{ticks: ticks, paused: make(chan bool), play: play}
	go p.runOk()
	return p
}

func (p *player) runOk() {
	on := true
	for {
		select {
		case <-p.paused:
			on = !on
		case <-p.ticks:
			if on {
				p.play()
			}
		}
	}
}

func (p *player) Stop() { p.paused <- true }
