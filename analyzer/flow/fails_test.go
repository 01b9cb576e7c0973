package flow

import (
	"testing"

	"golang.org/x/tools/go/ssa"
)

// TestFails states what becomes of the error of a call: whether each way on which it has
// failed gives an error back, and whether the function asks for it.
func TestFails(t *testing.T) {
	const head = "var errBusy error\nfunc use(int)\nfunc try() (int, error)\nfunc wrap(err error) error\ntype myErr struct{}\nfunc (myErr) Error() string\n"
	for name, c := range map[string]struct {
		body         string
		passes, asks bool
	}{
		"returned":   {"_, err := try(); return err", true, false},
		"asked":      {"n, err := try(); if err != nil { return err }; use(n); return nil", true, true},
		"other side": {"n, err := try(); if err == nil { use(n); return nil }; return err", true, true},
		"another":    {"_, err := try(); if err != nil { return errBusy }; return nil", true, true},
		"made":       {"_, err := try(); if err != nil { return myErr{} }; return nil", true, true},
		"dropped":    {"n, err := try(); if err != nil { use(n) }; return nil", false, true},
		"one way":    {"n, err := try(); if n > 0 { return nil }; return err", false, false},
		"not asked":  {"n, _ := try(); use(n); return nil", false, false},
		"deferred":   {"defer use(1); _, err := try(); if err != nil { return err }; return nil", true, true},
		"of package": {"_, err := try(); if err != nil { return wrap(err) }; return nil", false, true},
	} {
		fn := build(t, head+"func f() error { "+c.body+" }")
		var call *ssa.Call
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if x, ok := in.(*ssa.Call); ok && callsIn(b, "try") && call == nil && x.Call.StaticCallee() != nil && x.Call.StaticCallee().Name() == "try" {
					call = x
				}
			}
		}
		if got := PassesOn(New(fn, Cuts{}), call); got != c.passes {
			t.Errorf("%s: each way gives an error: %v, want %v", name, got, c.passes)
		}
		b := WithoutError(call)
		if (b != nil) != c.asks {
			t.Errorf("%s: it is asked: %v, want %v", name, b != nil, c.asks)
		}
		if b == nil {
			continue
		}
		from := b.Preds[0]
		for i, s := range from.Succs {
			if failed := Failed(from, i) != nil; failed == (s == b) {
				t.Errorf("%s: edge %d: failed %v", name, i, failed)
			}
		}
	}
}
