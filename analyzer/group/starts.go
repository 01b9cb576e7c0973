package group

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/spawn"
)

// StartsOne reports whether the site is sure to start one goroutine each time: a
// library that is given a function, or a function of another package, may run it never
// or often.
func (ct *Groups) StartsOne(site *spawn.Site) bool {
	for range 3 {
		switch site.Kind {
		case spawn.Go:
			return true
		case spawn.Call:
			return site.Join
		}
		fn := site.Inst.Common().StaticCallee()
		if fn == nil || fn.Pkg == nil || fn.Pkg.Pkg != ct.Pkg {
			return false
		}
		starts := ct.SiteIndex().In[fn]
		if len(starts) != 1 || ct.Looped(starts[0].Inst) || !ct.OnEveryWay(fn, starts[0].Inst) {
			return false
		}
		site = starts[0]
	}
	return false
}

// handedOut reports whether the function is a value somewhere: a method value, or
// one that code which is not seen may call.
func (s *SyncOps) handedOut(fn *ssa.Function) bool {
	calls, open := s.ct.Graph.Callers(fn)
	return open && !token.IsExported(fn.Name()) || slices.ContainsFunc(calls, func(c ssa.CallInstruction) bool { return c.Parent().Synthetic != "" })
}

// bodyOf returns the body of goroutines that runs fn, which is that body or a
// literal that it defers; nil if others may run it.
func (s *SyncOps) bodyOf(fn *ssa.Function) *ssa.Function {
	for range 3 {
		calls, open := s.ct.Graph.Callers(fn)
		if open && fn.Parent() == nil {
			return nil
		}
		if s.ct.IsBody(fn) {
			for _, c := range calls {
				if _, isGo := c.(*ssa.Go); !isGo {
					return nil
				}
			}
			return fn
		}
		if fn.Parent() == nil || len(calls) != 1 {
			return nil
		}
		if _, ok := calls[0].(*ssa.Defer); !ok || calls[0].Parent() != fn.Parent() {
			return nil
		}
		fn = fn.Parent()
	}
	return nil
}
