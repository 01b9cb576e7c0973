package p

func get() int { return 1 }

func one() int {
	ch := make(chan int)
	go func() { ch <- get() }() // WANT: sends 1, taken 1 at least in one
	return <-ch
}

func early(b bool) int {
	ch := make(chan int)
	go func() { ch <- get() }() // WANT: sends 1, taken 0 at least in early
	if b {
		return 0
	}
	return <-ch
}

func twoOnAPath(b bool) int {
	ch := make(chan int)
	go func() {
		if b {
			ch <- 1 // WANT: sends 1, taken 1 at least in twoOnAPath
			ch <- 2 // WANT: sends 2, taken 1 at least in twoOnAPath
			return
		}
		ch <- 3 // WANT: sends 1, taken 1 at least in twoOnAPath
	}()
	return <-ch
}

func loop(n int) {
	ch := make(chan int)
	for range 3 {
		go func() { ch <- get() }() // WANT: goes round 3; sends 1, taken many at least in loop, started 3 times
	}
	for range 3 {
		<-ch // WANT: goes round 3
	}
}

// FN_fewerRounds: receives in a loop count as enough, however often it goes round.
func FN_fewerRounds() {
	ch := make(chan int)
	for range 5 {
		go func() { ch <- get() }() // WANT: goes round 5; sends 1, taken many at least in FN_fewerRounds, started 5 times
	}
	for range 3 {
		<-ch // WANT: goes round 3
	}
}

func first(all []int) int { // WANT: goes round many
	ch := make(chan int)
	for range all {
		go func() { ch <- get() }() // WANT: sends 1, taken 1 at least in first, started many times
	}
	return <-ch
}

func many() int {
	ch := make(chan int)
	go func() {
		for {
			ch <- get() // WANT: goes round many; sends many, taken 1 at least in many
		}
	}()
	return <-ch
}

func others() int {
	ch := make(chan int)
	go func() { ch <- 1 }() // WANT: sends 1, others 1, taken 1 at least in others
	go func() { ch <- 2 }() // WANT: sends 1, others 1, taken 1 at least in others
	return <-ch
}

func deferred() {
	ch := make(chan int)
	defer func() { <-ch }()
	go func() { ch <- 1 }() // WANT: sends 1, taken by what is deferred
}

// What a helper takes is counted.
func inHelper() int {
	ch := make(chan int)
	go send(ch)
	return take(ch)
}

func send(ch chan int) { ch <- 1 } // WANT: sends 1, taken 1 at least in inHelper

func take(ch chan int) int { return <-ch }

func inSelect(quit chan bool) int {
	ch := make(chan int)
	go func() { ch <- 1 }() // WANT: sends 1, taken 0 at least in inSelect
	select {
	case n := <-ch:
		return n
	case <-quit:
		return 0
	}
}

func drained() (sum int) { // WANT: goes round many
	ch := make(chan int)
	go func() {
		for i := range 10 {
			ch <- i // WANT: goes round 10; sends 10, taken many at least in drained
		}
		close(ch)
	}()
	for i := range ch {
		sum += i
	}
	return sum
}

// The sends of a loop that counts to what the channel has room for.
func tenInRoom() {
	ch := make(chan int, 10)
	go func() {
		for i := range 10 {
			ch <- i // WANT: goes round 10; sends 10, taken 0 at least in tenInRoom
		}
	}()
}

func bounds(n int) {
	for range 4 {
		get() // WANT: goes round 4
	}
	for i := 0; i < 7; i++ { // WANT: goes round 7
		get()
	}
	for i := 0; i < n; i++ { // WANT: goes round many
		get()
	}
	for i := 10; i > 0; i-- { // WANT: goes round many
		get()
	}
}

// The sends of two branches that exclude each other are not added up.
func either(b bool) int {
	ch := make(chan int)
	go func() {
		if b {
			ch <- 1 // WANT: sends 1, taken 1 at least in either
		}
		if !b {
			ch <- 2 // WANT: sends 1, taken 1 at least in either
		}
	}()
	return <-ch
}

func nested() {
	ch := make(chan int, 12)
	go func() { // WANT: goes round 3
		for i := range 3 {
			for j := 0; j < 4; j++ { // WANT: goes round 4
				ch <- i * j // WANT: sends 12, taken 0 at least in nested
			}
		}
	}()
}

func inRounds() {
	ch := make(chan int, 6)
	go func() {
		for i := range 3 {
			twice(ch, i) // WANT: goes round 3
		}
	}()
}

func twice(ch chan int, i int) {
	ch <- i // WANT: sends 5, taken 0 at least in inRounds
	ch <- i // WANT: sends 6, taken 0 at least in inRounds
}

// A variable that somebody else sets does not count.
func setElsewhere() {
	ch := make(chan int, 10)
	go func() {
		i := 0 // WANT: goes round 10
		for i < 10 {
			ch <- i // WANT: sends many, taken 0 at least in setElsewhere
			i = get()
		}
	}()
}
