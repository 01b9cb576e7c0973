package farlib

// Seat works while it holds one of the seats.
func Seat(seats chan struct{}) {
	seats <- struct{}{}
	Work()
	defer func() { <-seats }()
}

// Seats takes two.
func Seats(seats chan struct{}) {
	seats <- struct{}{}
	seats <- struct{}{}
	Work()
	<-seats
	<-seats
}

// Empty takes what is there first.
func Empty(seats chan struct{}) {
	<-seats
	seats <- struct{}{}
}

// Maybe takes a seat if it has to.
func Maybe(seats chan struct{}, must bool) {
	if must {
		seats <- struct{}{}
	}
	Work()
}

var heldSeats chan struct{}

// KeepSeats gives the seats to others.
func KeepSeats(seats chan struct{}) {
	seats <- struct{}{}
	heldSeats = seats
}

// Leave makes room.
func Leave() { <-heldSeats }
