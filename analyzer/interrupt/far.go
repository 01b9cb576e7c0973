package interrupt

import (
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// Heedless returns, by the function, the calls of functions which callers in other
// packages give a context, that this does not end.
func (h *Interrupts) Heedless() map[*ssa.Function][]Deaf {
	all := make(map[*ssa.Function][]Deaf)
	for _, g := range h.ev.Promised() {
		fn := g.Site.Body
		p := h.ev.Carrier(fn)
		if !token.IsExported(fn.Name()) || !code.IsContext(p.Type()) {
			continue
		}
		for _, d := range h.Deaf(g) {
			switch d.Kind {
			case Sleep, NoContext, OtherContext:
				if d.Stop.Ctx == p.Name() {
					all[fn] = append(all[fn], d)
				}
			}
		}
	}
	return all
}

// Heeds tells of such calls as a summary does: the parameter is the context.
func (h *Interrupts) Heeds(fn *ssa.Function, ds []Deaf) (all []summary.Wait) {
	const most = 2
	for _, d := range ds[:min(len(ds), most)] {
		at := h.ev.Where(d.Pos) + " in " + fn.RelString(nil)
		all = append(all, summary.Wait{Name: d.Name, At: at, Param: slices.Index(fn.Params, h.ev.Carrier(fn)), Other: d.Unsure})
	}
	return all
}

// farCalls returns the calls in a function of the same module, which is called here,
// that the context does not end which it is given.
func (h *Interrupts) farCalls(g *program.Goroutine, f *program.Frame, c ssa.CallInstruction) []Deaf {
	callee, fact := h.ev.FarFact(c.Common())
	if fact == nil || h.ev.InTest(c.Pos()) || h.ev.Module == "" || !strings.HasPrefix(callee.Pkg().Path()+"/", h.ev.Module+"/") {
		return nil
	}
	var all []Deaf
	args := c.Common().Args
	for _, w := range fact.Deaf {
		if w.Param < 0 || w.Param >= len(args) || !h.ev.Graph.Context(h.ev.Base, args[w.Param]).Ends {
			continue
		}
		if f != nil && (h.ev.AfterStop(f, c) || h.ownerOf(f, c)) {
			continue
		}
		i := w.Param
		if c.Common().Signature().Recv() != nil {
			i--
		}
		name := h.ev.Syn.Argument(h.ev.Syn.CalledAt(c), i)
		if name == "" || len(name) > 40 {
			name = "ctx"
		}
		all = append(all, Deaf{
			Kind: Far, F: f, Pos: c.Pos(), Name: w.Name + " at " + w.At, Stop: event.Stop{Expr: name + ".Done()", Ctx: name},
			Unsure: w.Other || g.Process || h.ev.InCommand(),
		})
	}
	return all
}
