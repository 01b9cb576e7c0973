package fakes

import "testing"

func TestFeed(t *testing.T) {
	out, done := make(chan int), make(chan struct{})
	f := newFeed(out)
	go func() {
		for {
			select {
			case <-out:
			case <-done:
				return
			}
		}
	}()
	t.Cleanup(func() { close(done) })
	left := 3
	f.start(func() int { left--; return left })
	f.shutdown()
}

func TestSpool(t *testing.T) {
	s, done := newSpool(), make(chan struct{})
	go func() {
		for {
			select {
			case <-s.in:
			case <-done:
				return
			}
		}
	}()
	t.Cleanup(func() { close(done) })
	left := 3
	s.putOk(func() int { left--; return left })
}

func TestTube(t *testing.T) {
	s, done := NewTube(), make(chan struct{})
	go func() {
		for {
			select {
			case <-s.in:
			case <-done:
				return
			}
		}
	}()
	t.Cleanup(func() { close(done) })
	left := 3
	s.PutBad(func() int { left--; return left })
}

func TestBeat(t *testing.T) {
	b := newBeat(make(chan struct{}))
	done := make(chan struct{})
	go func() {
		select {
		case <-b.in:
		case <-done:
		}
	}()
	t.Cleanup(func() { close(done) })
	b.Close()
}

func TestRelay(t *testing.T) {
	r := newRelay(func(int) {})
	r.stop()
}
