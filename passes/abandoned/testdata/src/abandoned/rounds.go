package abandoned

// RoomForRoundsOk sends as often as there is room, in one loop, in two, and by a
// function.
func RoomForRoundsOk() {
	one, two, three := make(chan int, 10), make(chan int, 12), make(chan int, 6)
	go func() {
		for i := range 10 {
			one <- i
		}
	}()
	go func() {
		for i := range 3 {
			for j := 0; j < 4; j++ {
				two <- i * j
			}
		}
	}()
	go func() {
		for i := range 3 {
			sendTwice(three, i)
		}
	}()
}

func sendTwice(ch chan int, i int) {
	ch <- i
	ch <- i
}

// RoomForRoundsBad sends once more.
func RoomForRoundsBad() {
	ch := make(chan int, 10)
	go func() {
		for i := range 11 {
			ch <- i // want `nothing receives from ch`
		}
	}()
}

// SetElsewhereBad goes round as often as another function wants.
func SetElsewhereBad(next func() int) {
	ch := make(chan int, 10)
	go func() {
		for i := 0; i < 10; i = next() {
			ch <- i // want `nothing receives from ch`
		}
	}()
}

// ---- all sends on one object count together: of its rounds, and of its goroutines

type row struct{ data chan int }

func (r *row) init(n int) { r.data = make(chan int, n) }

func (r *row) pushBad(i int) {
	r.data <- i // want `nothing receives from r.data`
}

func Row() {
	go func() {
		r := &row{}
		r.init(16)
		for i := 0; i < 16; i++ {
			r.pushBad(i)
		}
		go func() { r.pushBad(16) }()
		r.pushBad(17)
	}()
}

type full struct{ data chan int }

func (r *full) init(n int) { r.data = make(chan int, n) }

func (r *full) push(i int) { r.data <- i }

// As many as there is room for.
func FullOk() {
	go func() {
		r := &full{}
		r.init(18)
		for i := 0; i < 16; i++ {
			r.push(i)
		}
		go func() { r.push(16) }()
		r.push(17)
	}()
}

type many struct{ data chan int }

func (r *many) push(i int) { r.data <- i }

// Each has its own.
func ManyOk() {
	go func() {
		a, b := newMany(), newMany()
		for i := range 4 {
			a.push(i)
		}
		for i := range 4 {
			b.push(i)
		}
		c := newMany()
		go func() { c.push(1) }()
	}()
}

func newMany() *many { return &many{make(chan int, 4)} }

// Three goroutines, and room for two.
func StartThreeBad() {
	ch := make(chan int, 2)
	for i := range 3 {
		go func() {
			ch <- i // want `nothing receives from ch`
		}()
	}
}

func StartThreeOk() {
	ch := make(chan int, 3)
	for i := range 3 {
		go func() {
			ch <- i
		}()
	}
}

// One or the other.
func EitherOk(first bool) {
	ch := make(chan int, 1)
	if first {
		go func() { ch <- 1 }()
		return
	}
	go func() { ch <- 2 }()
}

// Each round has a channel of its own.
func RoundOk() {
	for i := range 3 {
		ch := make(chan int, 1)
		go func() { ch <- i }()
	}
}

// A function waits, whoever calls it.

func sendsToNobodyBad() {
	c := make(chan string)
	go func() {
	}()
	c <- "x" // want "whoever gets here waits for ever: nothing receives from c"
}

func sendsToRoomOk() {
	c := make(chan string, 1)
	c <- "x"
}

func SendsOk(c chan int) { c <- 1 }
