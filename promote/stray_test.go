//go:build linux || darwin

package promote

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"testing"
)

type strayOrder struct {
	Stray []byte
	Value string
}

// stray writes to the connection behind the package's back, and then answers.
var stray = Register("stray", func(_ context.Context, o strayOrder) (string, error) {
	_, err := syscall.Write(dataFD, o.Stray)
	return o.Value, err
})

// TestStrayFrames: what is no answer to a call is the end of the child that
// wrote it, and never reaches the caller after it.
func TestStrayFrames(t *testing.T) {
	leavesNothing(t)
	frame := func(kind byte, number uint64, payload string) []byte {
		var b bytes.Buffer
		_ = writeFrame(&b, kind, number, []byte(payload)) // a buffer takes everything
		return b.Bytes()
	}
	p := newPool(t, stray, 1)
	for name, bytes := range map[string][]byte{
		"an answer":              frame(frameResult, 0, `"stray"`),
		"a very large answer":    []byte("v\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff"),
		"an error":               frame(frameError, 1, `{"Kind":"func","Message":"stray"}`),
		"of the other direction": frame(frameCall, 2, `{}`),
		"text":                   []byte("this is no frame at all\n"),
		"a few bytes":            []byte("v\x00"),
	} {
		var pe *ProtocolError
		if got, err := p.Run(t.Context(), strayOrder{bytes, "mine"}); !errors.As(err, &pe) || pe.Worker != "stray" || got != "" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if got, err := p.Run(t.Context(), strayOrder{nil, name}); got != name || err != nil {
			t.Errorf("after %s: %q, %v", name, got, err)
		}
	}
}

// strayLater answers with its process id, and writes to the connection when it
// is told to by a signal.
var strayLater = Register("stray later", func(context.Context, struct{}) (int, error) {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGUSR1)
	go func() {
		<-told
		_, _ = syscall.Write(dataFD, []byte("later")) // the parent sees whether it worked
	}()
	return os.Getpid(), nil
})

// TestStrayFrameOfAnIdleChild: the next caller gets another child.
func TestStrayFrameOfAnIdleChild(t *testing.T) {
	leavesNothing(t)
	p := newPool(t, strayLater, 1)
	before, err := p.Run(t.Context(), struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	c := <-p.slots
	syscall.Kill(before, syscall.SIGUSR1)
	eventually(t, "stray bytes", func() bool { return waiting(c.answers.f) > 0 })
	p.slots <- c
	if after, err := p.Run(t.Context(), struct{}{}); after == before || err != nil {
		t.Errorf("%d after %d, %v", after, before, err)
	}
}

// strayItems sends items, and between them what is none.
var strayItems = RegisterStream("stray items", func(_ context.Context, in <-chan []byte, out chan<- int) error {
	n := 0
	for b := range in {
		if _, err := syscall.Write(dataFD, b); err != nil {
			return err
		}
		out <- n
		n++
	}
	return nil
})

func TestStrayItems(t *testing.T) {
	leavesNothing(t)
	in := make(chan []byte)
	s, err := strayItems.Start(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	in <- nil
	if v := <-s.Out(); v != 0 {
		t.Errorf("the first item is %d", v)
	}
	in <- []byte("i\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x017")
	for v := range s.Out() {
		t.Errorf("%d arrives after a stray item", v)
	}
	if err := s.Wait(); !errors.As(err, new(*ProtocolError)) {
		t.Errorf("%v", err)
	}
}
