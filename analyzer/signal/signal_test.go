package signal_test

import (
	"fmt"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// TestSignal tells of each make of a channel what is done with it and by whom, of
// each operation on a channel that is made elsewhere that it is, of each context
// how it ends, and of each call of a value which functions it may be.
func TestSignal(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		p.Each(func(in ssa.Instruction) {
			switch in := in.(type) {
			case *ssa.MakeChan:
				p.Say(in.Pos(), "%s", channel(p.Graph.Class(p.Base, in)))
			case *ssa.Send:
				if c := p.Graph.Class(p.Base, in.Chan); len(c.Makes) == 0 {
					p.Say(in.Pos(), "sends on: %s", channel(c))
				}
			case *ssa.UnOp:
				if code.IsRecv(in) {
					if c := p.Graph.Class(p.Base, in.X); len(c.Makes) == 0 {
						p.Say(in.Pos(), "receives from: %s", channel(c))
					}
				}
			case *ssa.Call:
				if r := in.Call.Signature().Results(); r.Len() > 0 && code.IsContext(r.At(0).Type()) {
					life := p.Graph.Context(p.Base, context(in))
					p.Say(in.Pos(), "context: ends %v%s", life.Ends, why(life.Why))
				} else if _, ok := in.Call.Value.(*ssa.Builtin); !ok && in.Call.StaticCallee() == nil {
					fns, open := p.Graph.Callees(in)
					var names []string
					for _, fn := range fns {
						names = append(names, fn.RelString(p.Pkg))
					}
					if open {
						names = append(names, "others")
					}
					p.Say(in.Pos(), "calls %s", strings.Join(names, ", "))
				}
			}
		})
	})
}

// context returns the context that a call makes: what it returns, or the first of
// that.
func context(c *ssa.Call) ssa.Value {
	if _, ok := c.Type().(*types.Tuple); !ok {
		return c
	}
	for _, r := range *c.Referrers() {
		if x, ok := r.(*ssa.Extract); ok && x.Index == 0 {
			return x
		}
	}
	return c
}

func why(text string) string {
	if text == "" {
		return ""
	}
	return ", " + text
}

func channel(c *signal.Class) string {
	var words []string
	for _, o := range c.Ops() {
		kind := [...]string{"send", "recv", "range", "close"}[o.Kind]
		words = append(words, kind+" in "+o.Fn.RelString(o.Fn.Package().Pkg))
	}
	for _, e := range c.Library {
		words = append(words, fmt.Sprintf("of %s", e.Symbol))
	}
	if c.Unknown {
		words = append(words, "unknown")
	}
	if c.Nil {
		words = append(words, "nil")
	}
	switch {
	case len(words) == 0:
		return "nothing is known"
	case c.Private():
		words = append(words, "all uses known")
	case c.Closed():
		words = append(words, "all writers known")
	}
	return strings.Join(words, ", ")
}
