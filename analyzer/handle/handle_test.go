package handle_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// TestHandle tells of each call of a goroutine that waits on its receiver what is
// known of that: whether all of its makes and uses are seen, and by what somebody
// else may end the wait.
func TestHandle(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		h := handle.New(event.New(prog))
		for _, g := range prog.Goroutines {
			for _, f := range g.Frames {
				for _, b := range f.Fn.Blocks {
					for _, in := range b.Instrs {
						if c, ok := in.(*ssa.Call); ok && waits(p, c) {
							p.Say(c.Pos(), "%s", describe(h, g, c))
						}
					}
				}
			}
		}
	})
}

// waits reports whether the call waits for what its receiver brings.
func waits(p *roomtest.Package, c *ssa.Call) bool {
	e, ok := signal.Entry(p.Base, &c.Call)
	return ok && e.Effect == kb.Blocks && receiver(c) != nil
}

func receiver(c *ssa.Call) ssa.Value {
	if c.Call.IsInvoke() {
		return c.Call.Value
	}
	if c.Call.Signature().Recv() != nil {
		return c.Call.Args[0]
	}
	return nil
}

func describe(h *handle.Handles, g *program.Goroutine, c *ssa.Call) string {
	k := h.Of(receiver(c))
	var words []string
	if len(k.Makes) > 0 {
		words = append(words, "made here")
	}
	if k.Open {
		words = append(words, "perhaps another")
	}
	if h.Sealed(k) {
		words = append(words, "sealed")
	}
	if row, ok := h.IsHandle(k); ok {
		words = append(words, "is "+row.Symbol)
	}
	for _, e := range []struct {
		event kb.Event
		name  string
	}{{kb.Close, "close"}, {kb.Deadline, "deadline"}, {kb.Kill, "kill"}} {
		if h.Interrupted(g, c, k, e.event) {
			words = append(words, "ended by "+e.name)
		}
	}
	if h.PeerCloses(g, k) {
		words = append(words, "ended by its other end")
	}
	if len(words) == 0 {
		return "nothing is known"
	}
	return strings.Join(words, ", ")
}
