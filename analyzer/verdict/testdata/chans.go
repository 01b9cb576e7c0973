package chans

import (
	"sync"
	"time"
)

func work() bool { return time.Now().Unix() > 3 }

// chan.go

func NobodyReceives() {
	ch := make(chan int)
	go func() { ch <- 1 }() // WANT: stuck (it sends on ch at +0, and nothing receives)
}

func NeverMade() {
	var ch chan int
	go func() { ch <- 1 }() // WANT: stuck (it sends on ch at +0, which is never made)
}

func NobodyCloses() {
	ch := make(chan struct{})
	go func() { <-ch }() // WANT: stuck (it waits for ch at +0, which nothing closes or sends on)
}

func Closes() {
	ch := make(chan struct{})
	defer close(ch)
	go func() { <-ch }() // WANT: stops by ch
	work()
}

func ClosesOnOnePath() {
	ch := make(chan struct{})
	go func() { <-ch }() // WANT: unknown (it waits for ch at +0, which is not raised before the return at +2)
	if work() {
		return
	}
	close(ch)
}

func OnlyItself() {
	ch := make(chan struct{})
	go func() { // WANT: stuck (it waits for ch at +1, which only the goroutine itself raises)
		<-ch
		close(ch)
	}()
}

// The room counts: that of all values that are ever sent.
func Room() {
	ch := make(chan int, 2)
	go func() { // WANT: ends
		ch <- 1
		ch <- 2
	}()
}

func noRoom() {
	ch := make(chan int, 1)
	go func() { // WANT: unknown (it sends on ch at +1, and nothing shows that it is received)
		ch <- 1
		ch <- 2
	}()
}

func RoomForTwo() {
	ch := make(chan int, 2)
	for range 2 {
		go func() { ch <- 1 }() // WANT: ends
	}
}

func RoomForTwoOfThree() {
	ch := make(chan int, 2)
	for range 3 {
		go func() { ch <- 1 }() // WANT: unknown (it sends on ch at +0, and nothing shows that it is received)
	}
}

func RoomForEach(all []int) {
	ch := make(chan int, len(all))
	for range all {
		go func() { ch <- 1 }() // WANT: ends
	}
}

func RoomForOthers(all, others []int) {
	ch := make(chan int, len(others))
	for range all {
		go func() { ch <- 1 }() // WANT: unknown (it sends on ch at +0, and nothing shows that it is received)
	}
}

// A body that something else runs as well sends more often.
func RoomTwice() {
	ch := make(chan int, 1)
	f := func() { ch <- 1 }
	go f() // WANT: unknown (it sends on ch at -1, and nothing shows that it is received)
	f()
}

// A receiver that takes all until the close.
func Ranged() {
	ch := make(chan int)
	go func() { // WANT: ends
		for range 5 {
			ch <- 1
		}
		close(ch)
	}()
	for range ch {
		work()
	}
}

// One that leaves its loop takes not all.
func RangedInPart() {
	ch := make(chan int)
	go func() { // WANT: unknown (it sends on ch at +2, and nothing shows that the receive at +6 takes it)
		for range 5 {
			ch <- 1
		}
		close(ch)
	}()
	for range ch {
		if work() {
			break
		}
	}
}

// One that may hang itself.
func RangedAndHangs(out chan int) {
	ch := make(chan int)
	go func() { // WANT: unknown (it sends on ch at +2, and nothing shows that the receive at +6 takes it)
		for range 5 {
			ch <- 1
		}
		close(ch)
	}()
	for v := range ch {
		out <- v
	}
}

func OneReceive() {
	ch := make(chan int)
	go func() { ch <- 1 }() // WANT: ends
	work()
	<-ch
}

func ReceiverLeaves() {
	ch := make(chan int)
	go func() { ch <- 1 }() // WANT: unknown (it sends on ch at +0, and the receiver can leave first, by the return at +2)
	if work() {
		return
	}
	<-ch
}

func ReceiverSelects() {
	ch := make(chan int)
	go func() { ch <- 1 }() // WANT: unknown (it sends on ch at +0, and nothing shows that the receive at +2 takes it)
	select {
	case <-ch:
	case <-time.After(time.Second):
	}
}

// A value through sync.Once is sent once.
func Once() {
	var o sync.Once
	ch := make(chan int)
	for range 3 {
		go func() { o.Do(func() { ch <- 1 }) }() // WANT: ends
	}
	<-ch
}

func NotOnce() {
	ch := make(chan int)
	for range 3 {
		go func() { ch <- 1 }() // WANT: unknown (it sends on ch at +0, and nothing shows that the receive at +2 takes it)
	}
	<-ch
}

// A timer brings its value, unless it is stopped: see timers.go of this package.
func Timer() {
	t := time.NewTimer(time.Second)
	go func() { <-t.C }() // WANT: ends
}

// FN_OneOfSeveral: a close counts for each channel that its variable ever holds.
func FN_OneOfSeveral(b bool) {
	ch := make(chan struct{})
	defer close(ch)
	if b {
		ch = make(chan struct{})
	}
	go func() { <-ch }() // WANT: stops by ch
}

func OneOfTwo(b bool) {
	ch, other := make(chan struct{}), make(chan struct{})
	defer close(ch)
	some := ch
	if b {
		some = other
	}
	go func() { <-some }() // WANT: unknown (it waits for some at +0, which nothing closes or sends on)
}

// lastsend.go

type answer struct {
	ch, twice, between, bare, crossed chan error
	n                                 int
}

func NewAnswer() *answer {
	return &answer{ch: make(chan error, 1), twice: make(chan error, 1), between: make(chan error, 1), bare: make(chan error), crossed: make(chan error, 1)}
}

func Answers(a *answer) {
	go a.once()             // WANT: ends
	go a.more()             // WANT: unknown (it sends on a.twice at +20, and nothing shows that it is received)
	go a.onOnePath()        // WANT: unknown (it sends on a.between at +25, and nothing shows that it is received)
	go a.cross(NewAnswer()) // WANT: unknown (it sends on a.crossed at +5, and nothing shows that it is received)
	go a.noRoom()           // WANT: stuck (it sends on a.bare at +31, and nothing receives)
}

func (a *answer) cross(b *answer) {
	a.crossed <- nil
	close(b.crossed)
}

func (a *answer) once() {
	if a.n > 3 {
		return
	}
	a.ch <- nil
	close(a.ch)
}

func (a *answer) more() {
	a.twice <- nil
	a.twice <- nil
	close(a.twice)
}

func (a *answer) onOnePath() {
	a.between <- nil
	if a.n > 3 {
		return
	}
	close(a.between)
}

func (a *answer) noRoom() {
	a.bare <- nil
	close(a.bare)
}

// The sends of a goroutine, in a literal that it defers.
func DeferredSend() {
	ch, full := make(chan int, 1), make(chan int, 1)
	go func() { // WANT: ends
		defer func() { ch <- 1 }()
		work()
	}()
	go func() { // WANT: unknown (it sends on full at +2, and nothing shows that it is received)
		defer func() { work() }()
		defer func() { full <- 1; full <- 2 }()
	}()
}
