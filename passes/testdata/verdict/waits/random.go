package waits

import (
	"crypto/rand"
	"io"
)

// Random bytes come at once.
func fill(b []byte) {
	go func() { // WANT: ends
		io.ReadFull(rand.Reader, b)
	}()
}
