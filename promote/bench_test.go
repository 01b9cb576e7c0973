package promote

import (
	"testing"
)

// BenchmarkRun is one call in a new child: start, handshake, call and reap.
func BenchmarkRun(b *testing.B) {
	for b.Loop() {
		if _, err := add.Run(b.Context(), pair{1, 2}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPool is one call in a warm child.
func BenchmarkPool(b *testing.B) {
	p, err := NewPool(b.Context(), add, 1)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	for b.Loop() {
		if _, err := p.Run(b.Context(), pair{1, 2}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPoolMegabyte carries a megabyte there and back.
func BenchmarkPoolMegabyte(b *testing.B) {
	p, err := NewPool(b.Context(), echo, 1)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	data := make([]byte, 1<<20)
	b.SetBytes(2 << 20)
	for b.Loop() {
		if _, err := p.Run(b.Context(), data); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStream is one item through a stream and back, one at a time.
func BenchmarkStream(b *testing.B) {
	in := make(chan int)
	s, err := doubler.Start(b.Context(), in)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		in <- 1
		<-s.Out()
	}
	close(in)
	if err := s.Wait(); err != nil {
		b.Fatal(err)
	}
}
