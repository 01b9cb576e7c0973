package accepts

import (
	"net"
	"os"
	"time"
)

func work() bool { return time.Now().Unix() > 3 }

func try() error { return os.Chdir("/") }

func AcceptsOpen() error {
	l, err := net.Listen("tcp", "host:1")
	if err != nil {
		return err
	}
	go acceptOpen(l) // WANT: unknown (the loop at +5 ends by l.Close, which nothing closes or sends on)
	return try()
}

func acceptOpen(l net.Listener) {
	for { // WANT: unclosed: l.Close of AcceptsOpen, nobody closes it, may live
		c, err := l.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}

func AcceptsLeft() error {
	l, err := net.Listen("tcp", "host:1")
	if err != nil {
		return err
	}
	go acceptLeft(l) // WANT: unknown (the loop at +8 ends by l.Close, which is not raised before the return at +2)
	if err := try(); err != nil {
		return err
	}
	return l.Close()
}

func acceptLeft(l net.Listener) {
	for { // WANT: unclosed: l.Close of AcceptsLeft, left at -6
		c, err := l.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}

// Where there is nothing to close, it is left out.
func AcceptsOptional(on bool) error {
	var l net.Listener
	if on {
		l, _ = net.Listen("tcp", "host:1")
		go acceptOptional(l) // WANT: unknown (the loop at +10 ends by l.Close, which nothing closes or sends on)
	}
	work()
	if l != nil {
		return l.Close()
	}
	return nil
}

func acceptOptional(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}

// The close comes with the end of the goroutine that waits for it.
func AcceptsTold(quit chan struct{}) error {
	l, err := net.Listen("tcp", "host:1")
	if err != nil {
		return err
	}
	done := make(chan struct{})
	go func() { // WANT: unknown (the loop at +13 ends by l.Close, which is not raised before the return at +8)
		defer close(done)
		acceptTold(l)
	}()
	select {
	case <-quit:
		return l.Close()
	case <-done:
		return nil
	}
}

func acceptTold(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}

// A flag may say that there is nothing to close.
func AcceptsFlagged(quiet bool) error {
	l, err := net.Listen("tcp", "host:1")
	if err != nil {
		return err
	}
	end := func() {
		if !quiet {
			l.Close()
		}
	}
	defer end()
	go acceptFlagged(l) // WANT: stops by l.Close
	return try()
}

func acceptFlagged(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		c.Close()
	}
}
