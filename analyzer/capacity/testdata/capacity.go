package capacity

func get() int { return 1 }

// A room of the length of the list would be enough.
func loop(all []int) int {
	ch := make(chan int)
	for _, n := range all {
		go func() { ch <- n }() // WANT: room len(all) is enough
	}
	return <-ch
}

func counted(n int) int {
	ch := make(chan int)
	for i := 0; i < n; i++ {
		go func() { ch <- i }() // WANT: room n is enough
	}
	return <-ch
}

// What it counts to is another number where the channel is made.
func changed(n int) int {
	ch := make(chan int)
	n++
	for i := 0; i < n; i++ {
		go func() { ch <- i }()
	}
	return <-ch
}

// The channel has the size of the list over which the loop ranges.
func roomForEach(list []int) {
	ch := make(chan int, len(list))
	for _, v := range list {
		go func() { ch <- v }() // WANT: room len(list) is enough; room for each
	}
}

// Only those who close the channel send on it, so no second value comes.
func closedBehind(a, b func() bool) bool {
	ch := make(chan bool, 1)
	go answer(ch, a)
	go answer(ch, b)
	return <-ch
}

func answer(ch chan bool, f func() bool) {
	if f() {
		ch <- true // WANT: closed behind; all are taken
		close(ch)
	}
}

func closedOnOneWay(a func() bool) bool {
	ch := make(chan bool, 1)
	go partly(ch, a)
	return <-ch
}

func partly(ch chan bool, f func() bool) {
	ch <- f() // WANT: sender runs 1 times; all are taken
	if f() {
		close(ch)
	}
}

// The room and the receives are enough for all that is sent.
func roomAndReceive() int {
	ch := make(chan int, 1)
	go func() { ch <- 1 }() // WANT: all are taken
	go func() { ch <- 2 }() // WANT: all are taken
	return <-ch
}

func tooMany() int {
	ch := make(chan int, 1)
	go func() { ch <- 1 }()
	go func() { ch <- 2 }()
	go func() { ch <- 3 }()
	return <-ch
}

func maybeReceives(b bool) int {
	ch := make(chan int)
	go func() { ch <- 1 }() // WANT: sender runs 1 times
	if b {
		return 0
	}
	return <-ch
}

func threeTimes() {
	ch := make(chan int, 2)
	for range 3 {
		go func() { ch <- get() }() // WANT: sender runs 3 times
	}
}

// A function that sends on what it is given, whatever way it takes.
func fill(ch chan int) { // WANT: fills [0 0]
	ch <- 1
	ch <- 2
}

func fillInRounds(ch chan int) { // WANT: fills [0 0 0]
	for i := range 3 {
		ch <- i
	}
}

func token(sem chan struct{}, f func()) { // WANT: fills [0]
	sem <- struct{}{}
	defer func() { <-sem }()
	f()
}

func maybeFills(ch chan int, b bool) {
	if b {
		ch <- 1
	}
}

func takesFirst(ch chan int) {
	<-ch
	ch <- 1
}
