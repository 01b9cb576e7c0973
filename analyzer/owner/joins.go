package owner

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// A loose goroutine is told to end by its owner, and nobody can wait until it has.
type loose struct {
	G     *program.Goroutine
	E     *Owned
	Freed string // a field that the goroutine uses and the owner closes; empty if there is none
}

// Unjoined finds the goroutines that a Stop or Close tells to end, and whose end
// nobody can wait for.
func (o *Owners) Unjoined(gs []*program.Goroutine) []loose {
	var all []loose
	for _, g := range gs {
		e := o.Ends[g]
		if e == nil || g.Site.Kind != spawn.Go || !promisesEnd(e.Ender) || o.ev.InTest(g.Site.Pos) {
			continue
		}
		used, freed := o.usesOf(g, e)
		if used == "" || o.SignalsEnd(g, nil) || o.waits(e.By) {
			continue
		}
		all = append(all, loose{g, e, freed})
	}
	return all
}

// promisesEnd reports whether callers of the method expect that all is over when
// it returns. A Cancel only asks.
func promisesEnd(name string) bool {
	name = strings.ToLower(name)
	for _, p := range []string{"close", "stop", "shutdown", "graceful", "teardown", "destroy"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// usesOf returns a field of the owner that the goroutine works with, and one that
// the owner's ending methods close, each empty if there is none. Signals and
// locks do not count.
func (o *Owners) usesOf(g *program.Goroutine, e *Owned) (used, freed string) {
	closed := make(map[int]bool)
	for fn := range e.By.Runs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(ssa.CallInstruction)
				if !ok || !o.ev.CloseCall(c.Common()) {
					continue
				}
				if row, ok := signal.Entry(o.ev.Base, c.Common()); ok && row.Kind == kb.KindTimer {
					continue // using it later does no harm
				}
				if a := fieldOf(code.Receiver(c.Common()), e); a != nil {
					closed[a.Field] = true
				}
			}
		}
	}
	for _, f := range g.Frames {
		if e.By.Runs[f.Fn] {
			continue // it ends the owner itself
		}
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				a, ok := in.(*ssa.FieldAddr)
				if !ok || code.TypeName(a.X.Type()) != e.By.Name || o.isSignal(a) {
					continue
				}
				name := code.FieldName(a.X.Type(), a.Field)
				if used == "" {
					used = name
				}
				if closed[a.Field] && (freed == "" || name < freed) {
					freed = name
				}
			}
		}
	}
	return used, freed
}

// fieldOf returns the address of the owner's field that v is, or is loaded from,
// or nil.
func fieldOf(v ssa.Value, e *Owned) *ssa.FieldAddr {
	if u, ok := v.(*ssa.UnOp); ok {
		v = u.X
	}
	a, ok := v.(*ssa.FieldAddr)
	if !ok || code.TypeName(a.X.Type()) != e.By.Name {
		return nil
	}
	return a
}

// isSignal reports whether the field is a channel, a context, a lock or the
// like: what a goroutine uses to hear of its end.
func (o *Owners) isSignal(a *ssa.FieldAddr) bool {
	t := a.Type().(*types.Pointer).Elem()
	if code.IsContext(t) || code.IsChan(t) {
		return true
	}
	for _, r := range *a.Referrers() {
		c, ok := r.(ssa.CallInstruction)
		if !ok {
			return false
		}
		row, known := signal.Entry(o.ev.Base, c.Common())
		if !known || row.Kind != kb.KindLock && row.Kind != kb.KindWait {
			return false
		}
	}
	return true
}

// SignalsEnd reports whether the goroutine tells somebody that it has ended, by
// another operation than one, or may do so in code that is not seen.
func (o *Owners) SignalsEnd(g *program.Goroutine, but ssa.Instruction) bool {
	for _, f := range g.Frames {
		for _, b := range f.Fn.Blocks {
			for _, in := range b.Instrs {
				if in != but && o.tellsEnd(g, f, in) {
					return true
				}
			}
		}
	}
	return false
}

func (o *Owners) tellsEnd(g *program.Goroutine, f *program.Frame, in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Send:
		return !o.ev.Looped(in) && o.heard(g, in.Chan)
	case ssa.CallInstruction:
		c := in.Common()
		if b, ok := c.Value.(*ssa.Builtin); ok {
			return b.Name() == "close" && o.heard(g, c.Args[0])
		}
		if fn := signal.Callee(c); fn != nil {
			row, _ := o.ev.Base.Func(fn)
			for _, e := range []kb.Event{kb.Done, kb.Broadcast, kb.SignalOne} {
				if len(row.Raise(e)) > 0 {
					return true
				}
			}
			return fn.Name() == "Done" && fn.Signature().Results().Len() == 0
		}
		_, deferred := in.(*ssa.Defer)
		fns, open := o.ev.Graph.Callees(in)
		return deferred && (open || len(fns) == 0)
	}
	return false
}

// heard reports whether somebody other than the goroutine receives from the
// channel, as far as can be seen.
func (o *Owners) heard(g *program.Goroutine, ch ssa.Value) bool {
	c := o.ev.Graph.Class(o.ev.Base, ch)
	if c.Recvs || c.Unknown {
		return true
	}
	for _, op := range c.Has(signal.Recv, signal.Range) {
		if !g.Has(op.Fn) {
			return true
		}
	}
	return false
}

// waits reports whether the ending methods of the owner wait for anything: then
// it is taken to be the end of what they have stopped.
func (o *Owners) waits(x *owner) bool {
	for fn := range x.Runs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				switch in := in.(type) {
				case *ssa.UnOp:
					if code.IsRecv(in) {
						return true
					}
				case *ssa.Select:
					if in.Blocking {
						return true
					}
				case *ssa.Send:
					return true // a handshake
				case ssa.CallInstruction:
					if fn := signal.Callee(in.Common()); fn != nil {
						row, ok := o.ev.Base.Func(fn)
						if ok && row.Effect == kb.Blocks && row.Kind == kb.KindWait || strings.HasPrefix(fn.Name(), "Wait") || strings.HasSuffix(fn.Name(), "Wait") {
							return true
						}
					}
				}
			}
		}
	}
	return false
}
