package p

import "time"

// Timers that are drained after their value was received.

type rotator struct{ t *time.Timer }

func FieldBad(rotate func() error) (stop func()) {
	r, done := &rotator{time.NewTimer(time.Minute)}, make(chan struct{})
	go func() {
		for {
			select {
			case <-r.t.C:
				if err := rotate(); err != nil {
					continue // not set again
				}
				r.t.Reset(time.Minute)
			case <-done:
				if !r.t.Stop() {
					<-r.t.C // want "r.t.Stop is false as well"
				}
				return
			}
		}
	}()
	return func() { close(done) }
}

func SetOk(rotate func() error) (stop func()) {
	r, done := &rotator{time.NewTimer(time.Minute)}, make(chan struct{})
	go func() {
		for {
			select {
			case <-r.t.C:
				r.t.Reset(time.Minute)
				if rotate() != nil {
					continue
				}
			case <-done:
				if !r.t.Stop() {
					<-r.t.C
				}
				return
			}
		}
	}()
	return func() { close(done) }
}

func DeferBad(in <-chan int) int {
	t := time.NewTimer(time.Second)
	defer func() {
		if !t.Stop() {
			<-t.C // want "t.Stop is false as well"
		}
	}()
	select {
	case <-t.C:
		return 0
	case n := <-in:
		return n
	}
}

// The value is received at one place only.
func OneOk(in <-chan int) int {
	t := time.NewTimer(time.Second)
	select {
	case <-t.C:
		return 0
	case n := <-in:
		if !t.Stop() {
			<-t.C
		}
		return n
	}
}

func DefaultOk(in <-chan int) int {
	t := time.NewTimer(time.Second)
	defer func() {
		if !t.Stop() {
			select {
			case <-t.C:
			default:
			}
		}
	}()
	select {
	case <-t.C:
		return 0
	case n := <-in:
		return n
	}
}

// A variable knows whether the value was received.
func KnownOk(in <-chan int) {
	t := time.NewTimer(time.Second)
	fired := false
	for range 3 {
		select {
		case <-t.C:
			fired = true
		case <-in:
		}
		if !fired {
			if !t.Stop() {
				<-t.C
			}
		}
		t.Reset(time.Second)
		fired = false
	}
}

type turner struct{ again *time.Timer }

func (t *turner) set() { t.again.Reset(time.Minute) }

// Another function sets it.
func CalleeOk(in <-chan int) {
	t := &turner{time.NewTimer(time.Minute)}
	for n := range in {
		select {
		case <-t.again.C:
			t.set()
		case m := <-in:
			println(n, m)
		}
		if !t.again.Stop() {
			<-t.again.C
		}
		t.set()
	}
}

func NewOk(in <-chan int) {
	t := time.NewTimer(time.Second)
	for range 3 {
		select {
		case <-t.C:
			t = time.NewTimer(time.Second)
		case <-in:
			if !t.Stop() {
				<-t.C
			}
			return
		}
	}
}
