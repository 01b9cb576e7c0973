// Package callees sends in functions that the goroutine calls.
package callees

func use(int) {}

func sendAllBad(out chan int) {
	defer close(out)
	for i := range 9 {
		out <- i // want "goroutine cannot end its send: there are 9 sends on out, but on one path only 1 of them is taken"
	}
}

func start(f func()) { go f() }

func Leaves() {
	out := make(chan int)
	start(func() { sendAllBad(out) })
	for v := range out {
		use(v)
		if v > 2 {
			return
		}
	}
}

type source struct{ out chan int }

func newSource() *source { return &source{out: make(chan int)} }

func (s *source) run() { s.sendBad() }

func (s *source) sendBad() {
	defer close(s.out)
	for i := range 9 {
		s.out <- i // want "goroutine cannot end its send: there are 9 sends on s.out, but on one path only 1 of them is taken"
	}
}

func MethodLeaves() {
	s := newSource()
	go s.run()
	for v := range s.out {
		if v > 2 {
			break
		}
		use(v)
	}
}

func sendAllOk(out chan int) {
	defer close(out)
	for i := range 9 {
		out <- i
	}
}

func Stays() {
	out := make(chan int)
	start(func() { sendAllOk(out) })
	for v := range out {
		use(v)
	}
}

func DrainsOk() {
	out := make(chan int)
	start(func() { sendSomeOk(out) })
	for v := range out {
		if v > 2 {
			break
		}
	}
	for range out {
	}
}

func sendSomeOk(out chan int) {
	defer close(out)
	for i := range 9 {
		out <- i
	}
}

// The caller ends with a value that says so.
func LastOk(work func(int) bool) {
	out := make(chan int)
	start(func() {
		for i := 0; ; i++ {
			if !work(i) {
				sendOneOk(out, -1)
				return
			}
			sendOneOk(out, i)
		}
	})
	for v := range out {
		if v < 0 {
			return
		}
		use(v)
	}
}

func sendOneOk(out chan int, v int) { out <- v }
