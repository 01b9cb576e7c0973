package callees

// The function that starts the goroutine receives all, and is called by the one that
// makes the channel.

type job struct {
	status chan int
	failed bool
}

func (j *job) work(n int) {
	for i := range n {
		if i%2 == 0 {
			j.status <- i
		}
	}
}

func (j *job) monitor() (sum int) {
	for v := range j.status {
		sum += v
	}
	return sum
}

func (j *job) mirror(n int) int {
	done := make(chan struct{})
	go func() {
		j.work(n)
		close(j.status)
		close(done)
	}()
	sum := j.monitor()
	<-done
	return sum
}

func runOk(n int) int {
	j := &job{status: make(chan int)}
	if n < 0 {
		return 0
	}
	return j.mirror(n)
}

type lossy struct{ status chan int }

func (j *lossy) workBad(n int) {
	for i := range n {
		j.status <- i // want "can return with sends on j.status still to come"
	}
}

func (j *lossy) mirror(n int) int {
	go func() {
		j.workBad(n)
		close(j.status)
	}()
	return <-j.status
}

func runLossy(n int) int {
	j := &lossy{status: make(chan int)}
	if n < 0 {
		return 0
	}
	return j.mirror(n)
}
