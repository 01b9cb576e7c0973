package event

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// OnlySignals reports whether the loop waits for nothing but signals of the
// operating system: they come as long as the process lives, and go to all of it.
func (ev *Events) OnlySignals(s Stay) bool {
	if s.Loop == nil {
		return false
	}
	waits := ev.WaitsIn(s.F.Fn, s.Loop)
	for _, in := range waits {
		u, ok := in.(*ssa.UnOp)
		if !ok || u.Op != token.ARROW || !ev.ofSystem(u.X) {
			return false
		}
	}
	return len(waits) > 0
}

// several stands for more than one function.
const several = "several"

// ofSystem reports whether the channel was given to what puts the signals of the
// operating system on it, and to no other function for such signals: that would take
// them away, and the loop was meant to end then.
func (ev *Events) ofSystem(ch ssa.Value) bool {
	if ev.notified == nil {
		ev.notified = make(map[*ssa.MakeChan]string)
		for _, fn := range ev.Functions {
			for _, b := range fn.Blocks {
				for _, in := range b.Instrs {
					c, ok := in.(ssa.CallInstruction)
					if !ok || len(c.Common().Args) == 0 {
						continue
					}
					e, ok := signal.Entry(ev.Base, c.Common())
					if !ok || e.Kind != kb.KindSignal {
						continue
					}
					for _, m := range ev.Graph.Class(ev.Base, c.Common().Args[0]).Makes {
						if by := ev.notified[m]; by != "" && by != e.Symbol {
							ev.notified[m] = several
						} else {
							ev.notified[m] = e.Symbol
						}
					}
				}
			}
		}
	}
	makes := ev.Graph.Class(ev.Base, ch).Makes
	for _, m := range makes {
		if by := ev.notified[m]; by == "" || by == several {
			return false
		}
	}
	return len(makes) > 0
}
