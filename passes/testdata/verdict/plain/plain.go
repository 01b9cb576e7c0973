// Package plain has nothing concurrent, so that most of it is known from its
// syntax.
package plain

import "io"

func Forever() {
	n := 0
	for {
		n++
		if n > 10 {
			panic("no way out")
		}
		switch n {
		case 3:
			break
		}
	}
}

func Pump(w io.Writer, r io.Reader) error {
	_, err := io.Copy(w, r)
	return err
}
