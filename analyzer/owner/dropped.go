package owner

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// A Dropped is a value whose goroutine only a method of it ends, and which a function
// lets go without a call of that method.
type Dropped struct {
	G       *program.Goroutine // the goroutine; nil if it starts in code that is not read
	Pos     token.Pos          // the call that makes the value, or starts the goroutine
	In      string             // the function
	Type    string             // of the value, if that is one of the package
	Ender   string             // the method
	Partly  bool               // on other paths something ends the value, or has it
	Returns []token.Pos        // the ends of the paths on which it is dropped
}

// Unclosed returns the values of constructors that fn drops.
func (o *Owners) Unclosed(fn *ssa.Function) []Dropped {
	var all []Dropped
	graph := o.ev.PlainGraph(fn)
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok || !graph.Executes(c) {
				continue
			}
			if s := o.Constructor(c); s != nil {
				all = append(all, o.unclosed(c, s)...)
			}
		}
	}
	return all
}

// Repeats reports whether fn may run more than once in the life of the process, so
// that what it drops adds up.
func (o *Owners) Repeats(fn *ssa.Function) bool {
	return o.ev.Graph.Live(fn) && fn.Synthetic == "" && !o.ev.Process[fn] && !o.ev.InTest(fn.Pos())
}

// unclosed returns the value of the constructor that the call drops, or none.
func (o *Owners) unclosed(c *ssa.Call, s *summary.Func) []Dropped {
	i := o.ValueIndex(c)
	recv := o.startedHere(c, s)
	if i < 0 && recv == nil || !o.byRow(c) && o.endsByArgument(c) {
		return nil
	}
	d := &drop{ev: o.ev, ender: s.Ender, start: c, err: code.ErrorOf(c)}
	if i < 0 {
		d.follow(recv)
	} else if c.Call.Signature().Results().Len() == 1 {
		d.follow(c)
	} else if x := code.UsedResult(c, i); x != nil {
		d.follow(x)
	}
	for j := range c.Call.Signature().Results().Len() {
		x := code.UsedResult(c, j)
		if x == nil || j == i {
			continue
		}
		if f, ok := x.Type().Underlying().(*types.Signature); ok && f.Params().Len() == 0 {
			d.cleanup(x)
		}
	}
	rets := o.returns(d)
	if len(rets) == 0 || s.Shared && !d.ended {
		return nil
	}
	return []Dropped{{Pos: c.Pos(), In: c.Parent().Name(), Ender: s.Ender, Partly: d.ended || d.kept, Returns: rets}}
}

// returns gives the ends of the paths on which the value is dropped.
func (o *Owners) returns(d *drop) (at []token.Pos) {
	for _, r := range d.paths() {
		at = append(at, o.ev.ReturnPos(r))
	}
	return at
}

// byRow reports whether a row says what ends that which the call starts: a context
// that it is given is then for the call alone.
func (o *Owners) byRow(c *ssa.Call) bool {
	e, ok := signal.Entry(o.ev.Base, &c.Call)
	return ok && e.Ender != ""
}

// startedHere returns the receiver of a method that starts what another method of it
// ends, if it is made in the function and by a call: else others have it.
func (o *Owners) startedHere(c *ssa.Call, s *summary.Func) ssa.Value {
	recv := code.Receiver(&c.Call)
	if recv == nil || !code.HasMethod(recv.Type(), s.Ender, o.ev.Pkg) {
		return nil
	}
	switch v := recv.(type) {
	case *ssa.Call:
		return v
	case *ssa.Extract:
		return v
	}
	return nil
}

// endsByArgument reports whether the caller hands over a context that can end:
// the goroutine may end with it.
func (o *Owners) endsByArgument(c *ssa.Call) bool {
	return slices.ContainsFunc(c.Call.Args, func(a ssa.Value) bool {
		return code.IsContext(a.Type()) && o.ev.Graph.Context(o.ev.Base, a).Ends
	})
}

// Unfinished returns the objects with the goroutine that their constructors, having
// started it, drop as they return an error.
func (o *Owners) Unfinished(g *program.Goroutine) []Dropped {
	e := o.Ends[g]
	if e == nil || e.Shared || o.ev.InTest(g.Site.Pos) {
		return nil
	}
	return o.unfinished(g, e, g.Site.Inst, 3)
}

// unfinished looks at the function in which the instruction starts the goroutine, or,
// if that is given the object, at its callers.
func (o *Owners) unfinished(g *program.Goroutine, e *Owned, start ssa.CallInstruction, depth int) (all []Dropped) {
	fn := start.Parent()
	if fn.Parent() != nil || depth == 0 {
		return nil
	}
	obj := allocOf(fn, e.By.Name)
	if obj == nil {
		calls, _ := o.ev.Graph.Callers(fn)
		for _, c := range calls {
			if call, ok := c.(*ssa.Call); ok {
				all = append(all, o.unfinished(g, e, call, depth-1)...)
			}
		}
		return all
	}
	if resultOf(fn, e.By.Name) < 0 || o.ev.Process[fn] || o.ev.InTest(fn.Pos()) {
		return nil
	}
	d := &drop{ev: o.ev, ender: e.Ender, start: start, alsoEnds: e.By.Runs, raises: e.Raises, site: g.Site.Inst}
	if c, ok := start.(*ssa.Call); ok {
		d.err = code.ErrorOf(c)
	}
	d.follow(obj)
	if rets := d.paths(); len(rets) == 0 || !code.ReturnsError(rets[0]) {
		return nil
	}
	// Inv: the constructor is there to hand the object on, so other paths do.
	return []Dropped{{G: g, Pos: start.Pos(), In: fn.Name(), Type: e.By.Name.Name(), Ender: e.Ender, Partly: true, Returns: o.returns(d)}}
}
