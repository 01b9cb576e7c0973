// Package farseats starts goroutines that take seats in another package.
package farseats

import (
	"sync"

	"module/farlib"
)

func SeatNeverBad() {
	seats := make(chan struct{}, 1)
	seats <- struct{}{}
	go farlib.Seat(seats) // want "SeatNeverBad has filled seats when it starts, and nobody ends that"
}

func SeatSkippedBad(n int) {
	seats := make(chan struct{}, 1)
	seats <- struct{}{}
	go func() {
		farlib.Seat(seats) // want "SeatSkippedBad has filled seats when it starts, and can return without receiving from it"
	}()
	if n > 5 {
		return
	}
	<-seats
}

func SeatsBad() {
	seats := make(chan struct{}, 1)
	seats <- struct{}{}
	var wg sync.WaitGroup
	wg.Go(func() { farlib.Seats(seats) }) // want "SeatsBad has filled seats when it starts, and can return without receiving from it 2 times"
	defer func() {
		<-seats
	}()
}

func SeatOk() {
	seats := make(chan struct{}, 1)
	seats <- struct{}{}
	go farlib.Seat(seats)
	<-seats
}

func TwoSeatsOk() {
	seats := make(chan struct{}, 2)
	seats <- struct{}{}
	go farlib.Seat(seats)
}

func EmptyOk() {
	seats := make(chan struct{}, 1)
	seats <- struct{}{}
	go farlib.Empty(seats)
}

func MaybeOk() {
	seats := make(chan struct{}, 1)
	seats <- struct{}{}
	go farlib.Maybe(seats, false)
}

func KeepOk() {
	seats := make(chan struct{}, 1)
	seats <- struct{}{}
	go farlib.KeepSeats(seats)
	farlib.Leave()
}

// Others get them, too.
func SharedOk(give func(chan struct{})) {
	seats := make(chan struct{}, 1)
	seats <- struct{}{}
	go farlib.Seat(seats)
	give(seats)
}

func TwiceOk() {
	seats := make(chan struct{}, 1)
	seats <- struct{}{}
	go farlib.Seat(seats)
	go farlib.Empty(seats)
}

func CountedTwiceBad() {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		wg.Wait() // want "CountedTwiceBad has counted up wg when it starts, and can return without calling Done 2 times"
		farlib.Work()
	}()
	done := func() { wg.Done() }
	done()
}

func CountedTwiceOk() {
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		wg.Wait()
		farlib.Work()
	}()
	done := func() { wg.Done() }
	done()
	done()
}
