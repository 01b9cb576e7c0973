// Package callee knows what a call runs: functions of the package, what a row or a
// summary says of others, a function that its caller is given, or code that was not
// read; and of such code whether it returns by custom.
package callee

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// Callees knows the callees of the calls of a package.
type Callees struct{ *program.Program }

// A Target is what is known of the code that a call runs.
type Target struct {
	Fns    []*ssa.Function // functions of the package
	Args   bool            // the arguments of the call are their parameters
	Row    *kb.Entry
	Fact   *summary.Func
	Param  *ssa.Parameter // it runs a function that the caller is given
	Unread bool           // it may run code that was not read
	Brief  bool           // so it may, but such code returns, by custom
}

// Of returns what a call runs.
func (cs Callees) Of(in ssa.CallInstruction) Target {
	c := in.Common()
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return Target{}
	}
	if e, ok := signal.Entry(cs.Base, c); ok {
		t := Target{Row: &e}
		if e.Effect == kb.Callback {
			for _, v := range cs.Finder.Called(c) {
				x := cs.value(v)
				t.Fns = append(t.Fns, x.Fns...)
				t.Unread = t.Unread || x.Unread
				if x.Param != nil {
					t.Param = x.Param
				}
			}
		}
		return t
	}
	if e, ok := cs.Native(c); ok {
		return Target{Row: &e}
	}
	if c.IsInvoke() {
		return cs.method(in)
	}
	callee := c.StaticCallee()
	if callee == nil {
		t := cs.Value(c.Value, in)
		t.Args = true
		cs.custom(&t, in)
		return t
	}
	if o := callee.Origin(); o != nil {
		callee = o
	}
	if callee.Blocks != nil && (callee.Pkg == nil || callee.Pkg.Pkg == cs.Pkg) {
		return Target{Fns: []*ssa.Function{callee}, Args: true}
	}
	obj, _ := callee.Object().(*types.Func)
	if obj == nil || obj.Pkg() == cs.Pkg {
		return Target{} // without a body: assembly
	}
	return Target{Fact: cs.Fact(obj)}
}

// method returns what a call through an interface runs.
func (cs Callees) method(in ssa.CallInstruction) Target {
	c := in.Common()
	fns, open := cs.Graph.Callees(in)
	fns, _ = cs.withoutTestCode(fns, in)
	t := Target{Fns: fns, Args: true, Unread: open || len(fns) == 0}
	if p := c.Method.Pkg(); t.Unread && (p == nil || code.IsStd(p.Path(), cs.Module)) {
		t.Unread = false // what waits there has a row
	}
	cs.custom(&t, in)
	return t
}

// withoutTestCode leaves out what only a test puts there, unless the call stands
// in one, and reports whether nothing else does.
func (cs Callees) withoutTestCode(fns []*ssa.Function, in ssa.CallInstruction) (kept []*ssa.Function, none bool) {
	if cs.InTest(in.Pos()) {
		return fns, false
	}
	for _, fn := range fns {
		if cs.InTest(fn.Pos()) {
			none = true
		} else {
			kept = append(kept, fn)
		}
	}
	return kept, none && len(kept) == 0
}

// Value returns what a call of the function value v runs, as seen from the call in:
// what only a test puts there is left out.
func (cs Callees) Value(v ssa.Value, in ssa.CallInstruction) Target {
	t := cs.value(v)
	fns, none := cs.withoutTestCode(t.Fns, in)
	t.Fns, t.Unread = fns, t.Unread || none
	return t
}

// maxSources is how many sources of a function value are looked at. Of more nothing is
// said, so that the work grows as the code does.
const maxSources = 32

// value returns what a call of the function value v runs.
func (cs Callees) value(v ssa.Value) Target {
	if p := cs.Param(v); p != nil {
		if _, ok := p.Type().Underlying().(*types.Signature); ok {
			return Target{Param: p}
		}
	}
	if cs.Graph.Sources(v) > maxSources {
		return Target{Unread: true}
	}
	fns, open := cs.Graph.Functions(v)
	t := Target{Unread: open || len(fns) == 0}
	if t.Unread && cs.handedBack(v) {
		return Target{}
	}
	for _, fn := range fns {
		if fn.Blocks != nil && (fn.Pkg == nil || fn.Pkg.Pkg == cs.Pkg) {
			t.Fns = append(t.Fns, fn)
		} else {
			t.Unread = true
		}
	}
	return t
}

// handedBack reports whether the function value is a result of a library call that
// the knowledge base knows: a cancel function, which does not wait.
func (cs Callees) handedBack(v ssa.Value) bool {
	calls, open := cs.Graph.Origins(v)
	return !open && len(calls) > 0 && !slices.ContainsFunc(calls, func(c *ssa.Call) bool {
		e, ok := signal.Entry(cs.Base, &c.Call)
		return !ok || e.Effect != kb.Derives
	})
}

// Name names what the call runs, as the code does if it stands there.
func (cs Callees) Name(in ssa.CallInstruction) string {
	if s := cs.Syn.Callee(cs.Syn.CalledAt(in)); s != "a function" {
		return s
	}
	c := in.Common()
	if c.IsInvoke() {
		return c.Method.Name()
	}
	if p := cs.Param(c.Value); p != nil {
		return p.Name()
	}
	return "a function"
}

// Argument gives the source of argument i of the call at pos; or other, where there is
// none or it is long. The call is in, if that is known.
func (cs Callees) Argument(in ssa.Instruction, pos token.Pos, i int, other string) string {
	if in == nil {
		return other
	}
	if g, ok := in.(*ssa.Go); ok {
		pos = cs.Syn.Called(g.Pos())
	} else if d, ok := in.(*ssa.Defer); ok {
		pos = cs.Syn.Called(d.Pos())
	}
	if s := cs.Syn.Argument(pos, i); s != "" && len(s) <= 40 && !strings.Contains(s, "func(") {
		return s
	}
	return other
}
