package turns

// A look whether there is room is for one send.

func lookOk(n int) int {
	ch := make(chan int, 1)
	go func() {
		for i := range n {
			if len(ch) == 0 {
				ch <- i
			}
		}
	}()
	return <-ch
}

func lookBad(n int) int {
	ch := make(chan int, 1)
	go func() {
		if len(ch) == 0 {
			for i := range n {
				ch <- i // want "can return with sends on ch still to come"
			}
		}
	}()
	return <-ch
}

func threeBad() int {
	ch := make(chan int, 1)
	go func() {
		if len(ch) < cap(ch) {
			ch <- 1
			ch <- 2
			ch <- 3 // want "there are 3 sends on ch, but on one path only 2 of them are taken"
		}
	}()
	return <-ch
}

// Two sends of which one stands in a literal on one line.
func lineBad(n int) int {
	ch := make(chan int)
	go func() {
		for i := range n {
			ch <- i // want "goroutine cannot end its send"
		}
	}()
	go func() { ch <- n }() // want "goroutine cannot end its send"
	return <-ch
}
