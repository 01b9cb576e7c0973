package waits

import (
	"crypto/rand"
	"io"
)

// A crew starts what it is given. Who it is given is listed where that is said,
// and nowhere else.
type crew struct{ n int }

func (c *crew) begin(f func()) {
	c.n++
	go func() { f() }()
}

func (c *crew) crewWork(quit chan struct{}) {
	defer close(quit)
	c.begin(func() { // WANT: stops by quit
		<-quit
	})
}

// Random bytes come at once.
func fill(b []byte) {
	go func() { // WANT: ends
		io.ReadFull(rand.Reader, b)
	}()
}
