package met

import (
	"errors"
	"net"
	"net/http"
	"os"
	"time"
)

// met.go of package count: what is sent in all, and what the maker takes.

func copies() error { return os.Chdir(".") }

func FirstOfTwo() error {
	errs := make(chan error, 1)
	go func() { errs <- copies() }() // WANT: ends
	go func() { errs <- copies() }() // WANT: ends
	if err := <-errs; err != nil {
		return err
	}
	return nil
}

func FirstOfThree() error {
	errs := make(chan error, 1)
	go func() { errs <- copies() }() // WANT: unknown (it sends on errs at +0, and nothing shows that the receive at +3 takes it)
	go func() { errs <- copies() }() // WANT: unknown (it sends on errs at +0, and nothing shows that the receive at +2 takes it)
	go func() { errs <- copies() }() // WANT: unknown (it sends on errs at +0, and nothing shows that the receive at +1 takes it)
	return <-errs
}

func OneCase() (err error) {
	errs := make(chan error)
	go func() { // WANT: ends, if the loop at +1 ends
		for {
			if err := copies(); err != nil {
				errs <- err
				return
			}
		}
	}()
	select {
	case err = <-errs:
	}
	return err
}

func OtherCase(stop chan bool) error {
	errs := make(chan error)
	go func() { errs <- copies() }() // WANT: unknown (it sends on errs at +0, and nothing shows that the receive at +2 takes it)
	select {
	case err := <-errs:
		return err
	case <-stop:
		return nil
	}
}

func EarlyReturn(a int) error {
	errs := make(chan error, 1)
	go func() { errs <- copies() }() // WANT: unknown (it sends on errs at +0, and nothing shows that the receive at +5 takes it)
	go func() { errs <- copies() }() // WANT: unknown (it sends on errs at +0, and nothing shows that the receive at +4 takes it)
	if a > 0 {
		return nil
	}
	return <-errs
}

func puts(out chan<- error, err error) { out <- err }

func run(out chan<- error) {
	if err := copies(); err != nil {
		puts(out, err)
		return
	}
	out <- nil
}

func Given() error {
	errs := make(chan error, 1)
	go run(errs) // WANT: ends
	return <-errs
}

func GivenElsewhere() error {
	errs := make(chan error)
	go run(errs) // WANT: unknown (it sends on out at -11, and nothing shows that the receive at +4 takes it)
	if copies() != nil {
		return nil
	}
	return <-errs
}

func drain(errs <-chan error) (all error) {
	for err := range errs {
		all = errors.Join(all, err)
	}
	return all
}

func Drained() error {
	errs := make(chan error)
	go func() { // WANT: ends
		for range 3 {
			errs <- copies()
		}
		close(errs)
	}()
	return drain(errs)
}

func DrainedOther(other chan error) error {
	errs := make(chan error)
	more := make(chan error)
	close(more)
	go func() { // WANT: unknown (it sends on errs at +1, and the receiver can leave first, by the return at +6)
		errs <- copies()
	}()
	if copies() != nil {
		<-errs
	}
	return drain(more)
}

// OwnRoom fills its own channel: who receives is who sends.
func OwnRoom() error {
	errs := make(chan error, 1)
	go func() { errs <- copies() }() // WANT: unknown (it sends on errs at +0, and nothing shows that the receive at +2 takes it)
	errs <- nil
	return <-errs
}

func Rounds() {
	for {
		errs := make(chan error)
		go func() { errs <- copies() }() // WANT: unknown (it sends on errs at +0, and nothing shows that the receive at +2 takes it)
		select {
		case <-errs:
			return
		case <-time.After(time.Second):
		}
	}
}

func RoundsMet() {
	for {
		errs := make(chan error, 1)
		go func() { errs <- copies() }() // WANT: ends
		go func() { errs <- copies() }() // WANT: ends
		if <-errs == nil {
			return
		}
	}
}

func Nested() error {
	errs := make(chan error, 2)
	go func() { // WANT: ends
		go func() { errs <- copies() }() // WANT: ends
		errs <- copies()
	}()
	return nil
}

func NestedInLoop(n int) error {
	errs := make(chan error, 2)
	go func() { // WANT: ends
		for range n {
			go func() { errs <- copies() }() // WANT: unknown (it sends on errs at +0, and nothing shows that it is received)
		}
	}()
	return nil
}

// lastsend.go: the close of the same channel is behind.

type listener struct {
	srv  *http.Server
	errs chan error
}

func Listen(ln net.Listener) (*listener, error) {
	l := &listener{srv: &http.Server{}, errs: make(chan error, 1)}
	go func() { // WANT: stops by l.srv.Close, ln.Close
		if err := l.srv.Serve(ln); err != nil {
			l.errs <- err
		}
		close(l.errs)
	}()
	return l, <-l.errs
}

func ListenToo(ln net.Listener) (*listener, error) {
	l := &listener{srv: &http.Server{}, errs: make(chan error, 1)}
	go func() { // WANT: stops by l.srv.Close, ln.Close
		if err := l.srv.Serve(ln); err != nil {
			l.errs <- err
		}
		close(l.errs)
	}()
	return l, nil
}

func (l *listener) Accept() error { return <-l.errs }
func (l *listener) Close() error  { return l.srv.Close() }

// The maker waits for something else first.

func StopFirst(stop chan bool) error {
	errs := make(chan error)
	go func() { errs <- copies() }() // WANT: ends
	<-stop
	return <-errs
}

func StopLater(stop chan bool) error {
	errs := make(chan error)
	go func() { errs <- copies() }() // WANT: ends
	err := <-errs
	<-stop
	return err
}

func drainTo(errs <-chan error, out chan<- error) {
	for err := range errs {
		out <- err
	}
}

func DrainedTo(out chan<- error) {
	errs := make(chan error)
	go func() { // WANT: unknown (it sends on errs at +2, and nothing shows that the receive at -7 takes it)
		for range 3 {
			errs <- copies()
		}
		close(errs)
	}()
	drainTo(errs, out)
}

// One that is kept in a field itself.
type secure struct {
	*listener
	name string
}

func ListenSecure(ln net.Listener) (*secure, error) {
	l := &secure{listener: &listener{srv: &http.Server{}, errs: make(chan error, 1)}}
	go func() { // WANT: stops by l.srv.Close, ln.Close
		if err := l.srv.Serve(ln); err != nil {
			l.errs <- err
		}
		close(l.errs)
	}()
	return l, nil
}
