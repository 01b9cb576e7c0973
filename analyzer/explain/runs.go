package explain

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/spawn"
	"github.com/killcheck/killcheck/analyzer/verdict"
	"github.com/killcheck/killcheck/analyzer/wait"
)

// Runs names what the goroutine runs, as code of the package would: its body, or what a body is given that
// only runs something for others, and through what.
func (m *Explainer) Runs(g *program.Goroutine, pkg *types.Package) string {
	s := g.Site
	var through []string
	if s.Via != "" {
		through = append(through, s.Via)
	}
	name := "a function that is not known"
	body := s.Body
	if body != nil {
		name = nameOf(body, pkg)
	}
	if s.Call != nil && !s.Call.IsInvoke() {
		if fn, ok := m.runFor(s.Call); ok && m.onlyRuns(s.Call) {
			through = append(through, name)
			name = nameOf(fn, pkg)
		} else if body == nil && s.Call.StaticCallee() == nil {
			if p := m.Param(s.Call.Value); p != nil {
				name = "the parameter " + p.Name()
			}
		}
	} else if s.Call != nil && body == nil {
		name = typeText(s.Call.Value.Type(), pkg) + "." + s.Call.Method.Name()
	}
	if len(through) > 0 {
		name += " through " + strings.Join(through, ", ")
	}
	return name
}

// runFor returns the one function that the call is given and that its callee
// calls.
func (m *Explainer) runFor(c *ssa.CallCommon) (*ssa.Function, bool) {
	vs := m.Finder.Called(c)
	if len(vs) != 1 {
		return nil, false
	}
	fns, open := m.Graph.Functions(vs[0])
	if len(fns) != 1 || open {
		return nil, false
	}
	return fns[0], true
}

// onlyRuns reports whether the callee does nothing that waits but to call what it
// is given.
func (m *Explainer) onlyRuns(c *ssa.CallCommon) bool {
	callee := c.StaticCallee()
	if callee == nil {
		return false
	}
	if callee.Blocks != nil {
		return len(m.OwnWaits(callee)) == 0
	}
	obj, _ := callee.Object().(*types.Func)
	if obj == nil {
		return false
	}
	if f := m.Fact(obj); f != nil {
		for _, w := range f.Waits {
			if w.Param < 0 {
				return false
			}
		}
	}
	return true
}

// nameOf gives the name of a function, that of the method for the wrapper that a
// method value makes.
func nameOf(fn *ssa.Function, pkg *types.Package) string {
	if fn.Synthetic != "" {
		if obj, ok := fn.Object().(*types.Func); ok {
			return objectName(obj, pkg)
		}
	}
	return fn.RelString(pkg)
}

func objectName(obj *types.Func, pkg *types.Package) string {
	recv := obj.Signature().Recv()
	if recv == nil {
		if obj.Pkg() == nil || obj.Pkg() == pkg {
			return obj.Name()
		}
		return obj.Pkg().Path() + "." + obj.Name()
	}
	return "(" + typeText(recv.Type(), pkg) + ")." + obj.Name()
}

func typeText(t types.Type, pkg *types.Package) string {
	return types.TypeString(t, types.RelativeTo(pkg))
}

// isStarted reports whether its function starts in a goroutine what it is given for
// the parameter.
func (m *Explainer) isStarted(p *ssa.Parameter) bool {
	i := slices.Index(p.Parent().Params, p)
	if p.Parent().Signature.Recv() != nil {
		i--
	}
	return slices.Contains(m.Finder.Spawns[p.Parent()], i)
}

// passedOn reports whether the goroutine is what a function is given and only hands
// to another that starts it: each caller's has its own verdict.
func (m *Explainer) passedOn(g *program.Goroutine) bool {
	if g.Site.Kind == spawn.Go || g.Site.Body != nil {
		return false
	}
	return slices.ContainsFunc(g.Site.Inst.Common().Args, func(v ssa.Value) bool {
		p := m.Param(v)
		if p == nil {
			return false
		}
		_, is := p.Type().Underlying().(*types.Signature)
		return is && m.isStarted(p)
	})
}

// Listed returns the goroutines that the map names: all, but for those which only
// run what their function is given, where it is seen what it is given.
func (m *Explainer) Listed() []*program.Goroutine {
	return slices.DeleteFunc(slices.Clone(m.Goroutines), m.givenOnly)
}

// givenOnly reports whether all that the goroutine waits for is what the function
// is given that starts it, and goroutines of the package are known that this
// function is asked to start: each of them has its own verdict.
func (m *Explainer) givenOnly(g *program.Goroutine) bool {
	if m.passedOn(g) {
		return true
	}
	if g.Site.Kind != spawn.Go || len(m.Finder.Spawns[g.Site.In]) == 0 || !m.asked()[g.Site.In] {
		return false
	}
	if slices.ContainsFunc(m.Heard(), func(o verdict.Said) bool { return o.Site == g.Site }) {
		return false // the map shows what is said of it
	}
	ws, more := m.Waits(g)
	return !more && len(ws) > 0 && !slices.ContainsFunc(ws, func(w *wait.Wait) bool { return w.Op != wait.Unread || w.Far != "" })
}

// asked returns the functions of the package by which others start goroutines.
func (m *Explainer) asked() map[*ssa.Function]bool {
	if m.wrappers == nil {
		m.wrappers = make(map[*ssa.Function]bool)
		for _, g := range m.Goroutines {
			if g.Site.Kind != spawn.Wrapper {
				continue
			}
			if fn := g.Site.Inst.Common().StaticCallee(); fn != nil {
				m.wrappers[fn] = true
			}
		}
	}
	return m.wrappers
}
