package wake

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
)

// HandleWake returns the wake of a wait on a handle: its close, or a deadline.
func (m *Wakes) HandleWake(at Spot, v ssa.Value, k Wake, name string) Wake {
	if p := m.Param(v); p != nil {
		return Wake{Action: ByClose, Param: p, Name: name, Stop: k.Stop}
	}
	if p, ok := m.h.Source(v, 6).(*ssa.Parameter); ok {
		return Wake{Action: ByClose, Param: p, Name: p.Name(), Stop: k.Stop}
	}
	k.Name = name
	return m.handleLevel(at, v, k)
}

// handleLevel says how sure it is that somebody closes the handle.
func (m *Wakes) handleLevel(at Spot, v ssa.Value, k Wake) Wake { return m.handleOf(at, v, k, 3) }

func (m *Wakes) handleOf(at Spot, v ssa.Value, k Wake, depth int) Wake {
	w := m.closedBy(at, v, k, depth)
	if w.Root == nil {
		w.Root = m.h.Root(v)
	}
	return w
}

func (m *Wakes) closedBy(at Spot, v ssa.Value, k Wake, depth int) Wake {
	o := m.h.Source(v, 6)
	if p, ok := o.(*ssa.Parameter); ok && depth > 0 {
		if w, ok := m.fromCallers(at, p, k, depth); ok {
			return w
		}
	}
	w := Wake{Action: ByClose, Stop: k.Stop, Level: Unclear, Why: NobodyDoes, At: at.Pos, What: k.Name}
	var sites []ssa.Instruction
	for _, r := range m.h.RaisersOf(o) {
		if r.Event == kb.Deadline || !r.Apart && at.In != nil && r.In.Parent() == at.Fn {
			continue
		}
		sites = append(sites, r.In)
		if r.Apart {
			return m.named(Wake{Action: ByClose, Level: Surely, Who: sites}, k.Name, v)
		}
	}
	if len(sites) > 0 {
		made, _ := o.(ssa.Instruction)
		if _, load := o.(*ssa.UnOp); load {
			made = nil
		}
		r := m.raised(sites, made, at)
		r.Action = ByClose
		if r.Level >= Unclear || r.Level == OnlyIf {
			return m.named(r, k.Name, v)
		}
	}
	if depth > 0 {
		if b := m.h.Beside(o); b != nil {
			if k := m.handleOf(at, b, k, depth-1); k.Level >= Surely {
				return k
			}
		}
	}
	if m.h.Promoted(o) {
		return m.named(Wake{Action: ByClose, Level: Surely, Stop: k.Stop}, k.Name, v)
	}
	if m.h.Of(v).Open {
		w.Why = NotSeen
		if k.Stop {
			w.Level = Perhaps
		}
	}
	w.Over = m.worksOn(v, o, k.Name)
	return m.named(w, k.Name, v)
}

// worksOn names what must be closed to end waits on the handle v, which the code
// calls name: the handle o that it reads or writes through.
func (m *Wakes) worksOn(v, o ssa.Value, name string) string {
	if o == m.Origin(v) {
		t := o.Type()
		if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "Close"); obj == nil {
			return "what " + name + " works on"
		} else if fn, ok := obj.(*types.Func); ok && !types.IsInterface(t) {
			if e, ok := m.Base.Func(fn); ok && len(e.Raise(kb.Close)) == 0 {
				return "what " + name + " works on"
			}
		}
		return name
	}
	switch o := o.(type) {
	case *ssa.Parameter:
		return o.Name()
	case *ssa.UnOp:
		switch a := o.X.(type) {
		case *ssa.FieldAddr:
			return code.FieldName(a.X.Type(), a.Field)
		case *ssa.Global:
			return a.Name()
		case *ssa.FreeVar:
			return a.Name()
		}
	}
	return "what " + name + " works on"
}

// fromCallers is handleOf for a parameter: it holds what holds for what each
// caller gives.
func (m *Wakes) fromCallers(at Spot, p *ssa.Parameter, k Wake, depth int) (Wake, bool) {
	calls, open := m.Graph.Callers(p.Parent())
	if open || len(calls) == 0 {
		return Wake{}, false
	}
	var worst *Wake
	for _, c := range calls {
		a := code.Argument(c.Common(), p)
		if a == nil || m.InTest(c.Pos()) && !m.InTest(at.Pos) {
			continue
		}
		w := m.handleOf(Spot{at.Fn, nil, at.Pos}, a, k, depth-1)
		if worst == nil || w.Level < worst.Level {
			worst = &w
		}
	}
	if worst == nil {
		return Wake{}, false
	}
	if len(calls) > 1 {
		worst.Root = nil // it is one of several
	}
	return *worst, true
}

// named names the wake by the calls that raise it, or by those that could.
func (m *Wakes) named(w Wake, name string, v ssa.Value) Wake {
	var names []string
	for _, in := range w.Who {
		s := m.Syn.Callee(m.Syn.CalledAt(in))
		if s != "a function" && !slices.Contains(names, s) && len(names) < 3 {
			names = append(names, s)
		}
	}
	if len(names) == 0 {
		for _, method := range m.h.Closers(v) {
			names = append(names, name+"."+method)
		}
	}
	w.Name = strings.Join(names, " or ")
	if w.Name == "" {
		w.Name = "a close of " + name
	}
	return w
}
