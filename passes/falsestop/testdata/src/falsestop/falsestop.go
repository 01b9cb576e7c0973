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
