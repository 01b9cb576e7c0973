// Package quiet has nothing concurrent and no loop: no SSA is built for it.
package quiet

import "io"

func Pump(w io.Writer, r io.Reader) error { return pump(w, r) }

func pump(w io.Writer, r io.Reader) error {
	_, err := io.Copy(w, r)
	return err
}

type Doer interface{ Do() }

func Apply(d Doer) { d.Do() }

func Calls(f func()) { f() }

func Twice(n int) int { return 2 * n }
