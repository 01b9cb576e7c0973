package p

// A close on one way only is left out on the other.
func OneWay(ok bool) {
	ch := make(chan int)
	if ok {
		close(ch) // WANT: left out by the return at +4
		return
	}
	named()
}

func Always() {
	ch := make(chan int)
	defer close(ch)
	named()
}

// A literal that is called here stands for its call.
func Literal(ok bool) {
	ch := make(chan int)
	end := func() { close(ch) } // WANT: done by the call at +4
	if ok {
		return
	}
	end()
}

// One that may leave out the close does not, nor one that a goroutine runs.
func Partly(ok bool) {
	ch, other := make(chan int), make(chan int)
	func() {
		if ok {
			close(ch) // WANT: left out by the return at +2
		}
	}()
	go func() { close(other) }() // WANT: runs Partly$2
}

func named() {}
