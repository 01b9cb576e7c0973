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
