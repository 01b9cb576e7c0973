package handle

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// Clears reports whether the call takes the deadline of a handle away: it is given
// the zero time. That ends no wait.
func (h *Handles) Clears(c *ssa.CallCommon) bool {
	row, ok := signal.Entry(h.ev.Base, c)
	return ok && len(row.Raise(kb.Deadline)) > 0 && len(c.Args) > 0 && code.IsZero(c.Args[len(c.Args)-1])
}

// PolledAgain reports whether the descriptor that the call hands out is put back
// into the mode in which a deadline and a Close end a wait.
func (h *Handles) PolledAgain(fd *ssa.Call) bool {
	return h.polls(fd, make(map[ssa.Value]bool))
}

func (h *Handles) polls(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] || len(seen) > 64 {
		return false
	}
	seen[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Convert, *ssa.ChangeType, *ssa.Phi:
			if h.polls(r.(ssa.Value), seen) {
				return true
			}
		case *ssa.Store:
			if id := code.CellID(r.Addr); r.Val == v && id != nil {
				for _, load := range h.loads[id] {
					if h.pollsLoaded(load, seen) {
						return true
					}
				}
			}
		case ssa.CallInstruction:
			if row, ok := signal.Entry(h.ev.Base, r.Common()); ok {
				if args := r.Common().Args; row.Effect == kb.Polled && len(args) == 2 && args[0] == v && !code.IsFalse(args[1]) {
					return true
				}
				continue
			}
			if fn := r.Common().StaticCallee(); fn != nil && fn.Blocks != nil {
				for _, p := range fn.Params {
					if code.Argument(r.Common(), p) == v && h.polls(p, seen) {
						return true
					}
				}
			}
		}
	}
	return false
}

// pollsLoaded goes on with what is loaded from a variable, or from its address.
func (h *Handles) pollsLoaded(in ssa.Instruction, seen map[ssa.Value]bool) bool {
	switch in := in.(type) {
	case *ssa.FieldAddr:
		for _, r := range *in.Referrers() {
			if u, ok := r.(*ssa.UnOp); ok && h.polls(u, seen) {
				return true
			}
		}
	case *ssa.UnOp:
		return h.polls(in, seen)
	case *ssa.Field:
		return h.polls(in, seen)
	}
	return false
}
