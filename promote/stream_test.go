package promote

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestStream(t *testing.T) {
	leavesNothing(t)
	in := make(chan int)
	s, err := doubler.Start(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(in)
		for i := range 5000 {
			in <- i
		}
	}()
	n := 0
	for v := range s.Out() {
		if v != 2*n {
			t.Fatalf("item %d is %d", n, v)
		}
		n++
	}
	if err := s.Wait(); n != 5000 || err != nil {
		t.Errorf("%d items, %v", n, err)
	}
	if !s.State().Success() {
		t.Errorf("state %v", s.State())
	}
}

// TestStreamKeepsAnswersOfAnEndedChild reads only after the child has gone.
func TestStreamKeepsAnswersOfAnEndedChild(t *testing.T) {
	leavesNothing(t)
	in := make(chan int, 100)
	for i := range 100 {
		in <- i
	}
	close(in)
	s, err := doubler.Start(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of the child", func() bool { return s.State() != nil })
	n := 0
	for range s.Out() {
		n++
	}
	if err := s.Wait(); n != 100 || err != nil {
		t.Errorf("%d items, %v", n, err)
	}
}

func TestStreamErrors(t *testing.T) {
	leavesNothing(t)
	in := make(chan int) // never closed
	s, err := doubler.Start(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	in <- -1
	for range s.Out() {
	}
	if err := s.Wait(); !errors.Is(err, errNotFound) || !errors.As(err, new(*FuncError)) {
		t.Errorf("error of the function: %v", err)
	}
	select {
	case in <- 1:
		t.Error("somebody reads the input of an ended child")
	case <-s.Done():
	}

	s, err = streamPanic.Start(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	in <- 1
	var pe *PanicError
	if err := s.Wait(); !errors.As(err, &pe) || !strings.Contains(pe.Stack, "panicHere") {
		t.Errorf("panic: %v", err)
	}

	// An item that the child cannot decode, and one that the parent cannot.
	texts := make(chan string, 1)
	texts <- "one"
	odd, err := (&StreamWorker[string, int]{name: "double", cfg: newConfig(nil)}).Start(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	if err := odd.Wait(); !errors.As(err, new(*DecodeError)) {
		t.Errorf("item for the child: %v", err)
	}
	numbers := make(chan int, 1)
	numbers <- 1
	back, err := (&StreamWorker[int, string]{name: "double", cfg: newConfig(nil)}).Start(t.Context(), numbers)
	if err != nil {
		t.Fatal(err)
	}
	if err := back.Wait(); !errors.As(err, new(*DecodeError)) {
		t.Errorf("item for the parent: %v", err)
	}

	// An item that cannot be encoded, and one that is too large.
	texts <- "\xff"
	bad, err := (&StreamWorker[string, int]{name: "double", cfg: newConfig(nil)}).Start(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	if err := bad.Wait(); !errors.As(err, new(*EncodeError)) {
		t.Errorf("item that cannot be encoded: %v", err)
	}
	texts <- "a long word"
	bad, err = (&StreamWorker[string, int]{name: "double", cfg: newConfig([]Option{MaxArgument(5)})}).Start(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	if err := bad.Wait(); !errors.As(err, new(*SizeError)) {
		t.Errorf("item that is too large: %v", err)
	}
}

// TestStreamAbandoned stops reading; every way to end the stream must free the
// goroutine that holds the next answer.
func TestStreamAbandoned(t *testing.T) {
	for name, end := range map[string]func(s *Stream[[]byte], cancel func()){
		"terminate": func(s *Stream[[]byte], _ func()) { s.Terminate() },
		"kill":      func(s *Stream[[]byte], _ func()) { s.Kill() },
		"ctx":       func(_ *Stream[[]byte], cancel func()) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			leavesNothing(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			s, err := flood.Start(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			<-s.Out()
			end(s, cancel)
			if err := s.Wait(); !errors.As(err, new(*StoppedError)) {
				t.Errorf("%v", err)
			}
			if name != "kill" && !s.State().Success() {
				t.Errorf("the child could not end by itself: %v", s.State())
			}
			if _, open := <-s.Out(); open {
				t.Error("an answer after the end")
			}
		})
	}
}

// TestStreamAbandonedAfterTheEnd cancels when the child has ended by itself
// but its answers have not been read.
func TestStreamAbandonedAfterTheEnd(t *testing.T) {
	leavesNothing(t)
	ctx, cancel := context.WithCancel(t.Context())
	in := make(chan int, 10)
	for i := range 10 {
		in <- i
	}
	close(in)
	s, err := doubler.Start(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of the child", func() bool { return s.State() != nil })
	cancel()
	if err := s.Wait(); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestStreamThatDoesNotRead blocks the goroutine that feeds the child.
func TestStreamThatDoesNotRead(t *testing.T) {
	leavesNothing(t)
	in := make(chan []byte)
	s, err := hungry.Start(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the child takes the first, and the second is more than the connection holds
		in <- make([]byte, 16<<20)
	}
	s.Terminate()
	if err := s.Wait(); !errors.As(err, new(*KilledError)) || !errors.Is(err, ErrTerminated) {
		t.Errorf("%v", err)
	}
}

// TestStreamLastWords reads on after Terminate.
func TestStreamLastWords(t *testing.T) {
	leavesNothing(t)
	s, err := last.Start(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Terminate()
	n := 0
	for range s.Out() {
		n++
	}
	if err := s.Wait(); n != 100 || !errors.Is(err, ErrTerminated) || !s.State().Success() {
		t.Errorf("%d items, %v, %v", n, err, s.State())
	}
}
