package lifetime

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// opensFIFO reports whether the call opens a file under a name under which the
// package makes a FIFO.
func (w *world) opensFIFO(c *waiting) bool {
	if c.row.Effect != kb.Bounded || receiver(&c.in.Call) != nil || len(c.in.Call.Args) == 0 {
		return false
	}
	switch c.row.Kind {
	case kb.KindFileMeta, kb.KindFileIO, kb.KindSyscall:
	default:
		return false
	}
	for _, name := range w.fifoNames() {
		if samePath(name, c.in.Call.Args[0]) {
			return true
		}
	}
	return false
}

// fifoNames returns the names of the FIFOs that the package makes.
func (w *world) fifoNames() []ssa.Value {
	if w.fifos != nil {
		return *w.fifos
	}
	w.fifos = new([]ssa.Value)
	for _, fn := range w.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok || len(c.Call.Args) == 0 {
					continue
				}
				if row, ok := signal.Entry(w.Base, &c.Call); ok && row.Kind == kb.KindFIFO {
					*w.fifos = append(*w.fifos, c.Call.Args[0])
				}
			}
		}
	}
	return *w.fifos
}

// samePath reports whether two strings are the same constant, come from the same
// parameter or call, or are the same field.
func samePath(a, b ssa.Value) bool {
	if x, y := cellOf(a), cellOf(b); x != nil || y != nil {
		return x == y
	}
	a, b = sourceOf(a), sourceOf(b)
	x, isConst := a.(*ssa.Const)
	y, ok := b.(*ssa.Const)
	if isConst && ok {
		return constant.Compare(x.Value, token.EQL, y.Value)
	}
	return a != nil && a == b
}

// cellOf returns the field or package-level variable that the value is read from, or nil.
func cellOf(v ssa.Value) any {
	if load, ok := v.(*ssa.UnOp); ok {
		return cellID(load.X)
	}
	return nil
}

// opening judges a call that opens a FIFO.
func (w *world) opening(c *waiting) (Obstacle, bool) {
	if w.atOnce(c.in) {
		return Obstacle{}, false
	}
	return Obstacle{
		Message:  "goroutine cannot stop in " + w.syn.callee(c.in.Pos()) + ": it waits for the other end of the FIFO, and " + c.stop.name() + " does not end that" + w.advice(c.row, ""),
		Extended: true,
	}, true
}
