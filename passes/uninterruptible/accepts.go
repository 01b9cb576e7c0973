package uninterruptible

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// accepts judges, in functions that are given a context and that their callers
// start, the calls that wait for a client, callees included: none need ever come.
func (q *question) accepts(h *handle.Handles) {
	for _, g := range q.Promised() {
		for _, f := range q.framesOf(g) {
			for _, b := range f.Fn.Blocks {
				for _, in := range b.Instrs {
					if c, ok := in.(*ssa.Call); ok {
						q.accept(&waiting{g: g, f: f, in: c, h: h})
					}
				}
			}
		}
	}
}

func (q *question) accept(c *waiting) {
	row, ok := signal.Entry(q.Base, &c.in.Call)
	if !ok || row.Kind != kb.KindNetAccept || row.Effect != kb.Blocks || !q.PlainGraph(c.f.Fn).Executes(c.in) {
		return
	}
	c.row, c.stop = row, q.StopAt(c.g, c.f, c.in.Pos())
	if c.stop.Ctx == "" {
		c.stop = q.contextAround(c)
	}
	if c.stop.Ctx == "" || q.AfterStop(c.f, c.in) {
		return
	}
	if o, ok := q.onHandle(c); ok {
		o.Pos, o.Extended = c.in.Pos(), q.InCommand()
		if c.f.From != nil {
			o.Remedy.Op = "" // no context has a name there
		}
		q.Report(c.g, nil, o, program.Step{Pos: c.g.Site.Pos, End: c.g.Site.End, Text: c.stop.Ctx + " is given to this function"})
	}
}

// framesOf returns the function with what it calls and what is given no context
// itself, to some depth.
func (q *question) framesOf(g *program.Goroutine) []*program.Frame {
	const most = 20
	frames := []*program.Frame{g.Frames[0]}
	seen := map[*ssa.Function]bool{g.Frames[0].Fn: true}
	for i := 0; i < len(frames) && len(frames) < most; i++ {
		for _, b := range frames[i].Fn.Blocks {
			for _, in := range b.Instrs {
				c, ok := in.(*ssa.Call)
				if !ok || c.Call.StaticCallee() == nil {
					continue
				}
				fn := c.Call.StaticCallee()
				if seen[fn] || fn.Blocks == nil || fn.Pkg == nil || fn.Pkg.Pkg != q.Pkg || q.Carrier(fn) != nil {
					continue
				}
				seen[fn] = true
				frames = append(frames, &program.Frame{Fn: fn, From: frames[i], Call: c})
			}
		}
	}
	return frames
}
