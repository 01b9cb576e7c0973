package count

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// TakenTogether reports whether the selects that receive from the class take all
// that is sent on it and on the channels of their other cases: on each path from
// start there are as many of them as sends that can come, the send s included.
func (ct *Counts) TakenTogether(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, owner *ssa.Function, start ssa.Instruction, gs []*program.Goroutine) bool {
	classes := ct.withSiblings(c)
	if len(classes) < 2 {
		return false
	}
	var recvs, sends []signal.Op
	for _, k := range classes {
		if !ct.MakesOwn(owner, k) {
			return false
		}
		recvs = append(recvs, k.Has(signal.Recv, signal.Range)...)
		sends = append(sends, k.Has(signal.Send)...)
	}
	for _, o := range recvs {
		if o.Fn != owner {
			return false
		}
	}
	l, ok := ct.NewCounter(owner, c, recvs).Least(start)
	if !ok || l.Count >= Many {
		return ok // a loop that takes one in each round, taken to go round often enough
	}
	for _, o := range sends {
		if r, _ := ct.Runner(gs, o.Fn); r == nil || ct.Looped(r.Site.Inst) {
			return false
		}
	}
	n := ct.sendsUpTo(f, s, c, sends)
	for _, k := range classes {
		n += ct.OtherSends(g, k, gs)
	}
	return n <= l.Count
}

// withSiblings returns the class and those of the other channels that selects
// receive from together with it, as far as every use of them is seen.
func (ct *Counts) withSiblings(c *signal.Class) []*signal.Class {
	classes := []*signal.Class{c}
	for i := 0; i < len(classes) && i < 8; i++ {
		for _, o := range classes[i].Has(signal.Recv) {
			if o.Sel == nil {
				continue
			}
			for _, st := range o.Sel.States {
				if st.Dir != types.RecvOnly {
					continue
				}
				k := ct.Graph.Class(ct.Base, st.Chan)
				if k.Private() && !k.Nil && len(k.Makes) > 0 && len(k.Library)+len(k.Contexts)+len(k.Has(signal.Close)) == 0 && !slices.Contains(classes, k) {
					classes = append(classes, k)
				}
			}
		}
	}
	return classes
}
