package interrupt

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// opensFIFO reports whether the call opens a file under a name under which the
// package makes a FIFO.
func (h *Interrupts) opensFIFO(c *waiting) bool {
	if c.row.Effect != kb.Bounded || code.Receiver(&c.in.Call) != nil || len(c.in.Call.Args) == 0 {
		return false
	}
	switch c.row.Kind {
	case kb.KindFileMeta, kb.KindFileIO, kb.KindSyscall:
	default:
		return false
	}
	for _, name := range h.fifoNames() {
		if samePath(name, c.in.Call.Args[0]) {
			return true
		}
	}
	return false
}

// fifoNames returns the names of the FIFOs that the package makes.
func (h *Interrupts) fifoNames() []ssa.Value {
	if h.fifos != nil {
		return *h.fifos
	}
	h.fifos = new([]ssa.Value)
	for _, fn := range h.ev.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok || len(c.Call.Args) == 0 {
					continue
				}
				if row, ok := signal.Entry(h.ev.Base, &c.Call); ok && row.Kind == kb.KindFIFO {
					*h.fifos = append(*h.fifos, c.Call.Args[0])
				}
			}
		}
	}
	return *h.fifos
}

// samePath reports whether two strings are the same constant, come from the same
// parameter or call, or are the same field.
func samePath(a, b ssa.Value) bool {
	if x, y := code.ReadFrom(a), code.ReadFrom(b); x != nil || y != nil {
		return x == y
	}
	a, b = code.SourceOf(a), code.SourceOf(b)
	x, isConst := a.(*ssa.Const)
	y, ok := b.(*ssa.Const)
	if isConst && ok {
		return constant.Compare(x.Value, token.EQL, y.Value)
	}
	return a != nil && a == b
}

// opening judges a call that opens a FIFO.
func (h *Interrupts) opening(c *waiting) (Deaf, bool) {
	if h.ev.AtOnce(c.in) {
		return Deaf{}, false
	}
	return Deaf{Kind: FIFO, Row: c.row, Unsure: true}, true
}
