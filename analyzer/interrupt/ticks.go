package interrupt

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/analyzer/summary"
)

// Ticks returns the parameters of fn, the receiver counted, that are timers which fire
// once, and from whose channel it receives whatever way it takes, one entry for each
// value. It does nothing else with them but stop them.
func (h *Interrupts) Ticks(fn *ssa.Function) (params []int) {
	for i, p := range fn.Params {
		for range h.ticksOf(fn, p) {
			params = append(params, i)
		}
	}
	return params
}

// mostTicks bounds the values that are counted.
const mostTicks = 4

// ticksOf returns how many values fn receives from the timer that is its parameter.
func (h *Interrupts) ticksOf(fn *ssa.Function, p *ssa.Parameter) (values int) {
	if p.Referrers() == nil {
		return 0
	}
	for _, r := range *p.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.FieldAddr:
			n, ok := h.tickReceives(fn, r)
			if !ok {
				return 0
			}
			values += n
		case ssa.CallInstruction:
			e, ok := signal.Entry(h.ev.Base, r.Common())
			if !ok || e.Kind != kb.KindTimer || e.Effect == kb.Raises || code.Receiver(r.Common()) != ssa.Value(p) {
				return 0
			}
		default:
			return 0
		}
	}
	return min(values, mostTicks)
}

// tickReceives returns how many receives from the field, which is loaded and no more,
// fn makes on its way to any return. It is not ok if the field is none of a timer, or
// something else is done with the channel.
func (h *Interrupts) tickReceives(fn *ssa.Function, field *ssa.FieldAddr) (n int, ok bool) {
	s := &seeker{h: h}
	for _, r := range *field.Referrers() {
		load, isLoad := r.(*ssa.UnOp)
		if !isLoad {
			return 0, false
		}
		if _, row, ok := s.timer(load); !ok || !row.Once {
			return 0, false
		}
		for _, use := range *load.Referrers() {
			switch use := use.(type) {
			case *ssa.UnOp:
				if h.ev.OnEveryWay(fn, use) {
					n++
				}
			case *ssa.Select, *ssa.DebugRef:
			default:
				return 0, false
			}
		}
	}
	return n, true
}

// A farTick is a call, or start, of a function of another package that receives values
// from a timer.
type farTick struct {
	in    ssa.CallInstruction
	timer ssa.Value
	times int
	name  string // the channel, as the call names it, and the function
}

// farTicks returns the timers of which the call makes a function of another package
// receive values.
func (h *Interrupts) farTicks(in ssa.CallInstruction) (all []farTick) {
	callee, fact := h.ev.FarFact(in.Common())
	if fact == nil {
		return nil
	}
	args := in.Common().Args
	for _, i := range slices.Compact(slices.Clone(fact.Ticks)) {
		if i >= len(args) {
			continue
		}
		t := farTick{in: in, timer: args[i], times: summary.Times(fact.Ticks, i), name: "the timer"}
		if in.Common().Signature().Recv() != nil {
			i--
		}
		if name := h.ev.Syn.Argument(h.ev.Syn.CalledAt(in), i); name != "" && len(name) <= 40 {
			t.name = name + ".C"
		}
		t.name += " in " + code.InPackage(callee)
		all = append(all, t)
	}
	return all
}

// farPauses returns the waits for a timer in functions of other packages that the
// goroutine runs by the call.
func (h *Interrupts) farPauses(g *program.Goroutine, f *program.Frame, in ssa.CallInstruction) (all []Deaf) {
	for _, t := range h.farTicks(in) {
		if most, ok := h.untilFires(t.timer); ok {
			if d, ok := h.paused(g, f, in, most); ok {
				d.Name, d.Far = t.name, true
				all = append(all, d)
			}
		}
	}
	return all
}

// farTimers judges the timers of which the call makes a function of another package
// receive values: somebody else stops them, which does not end that.
func (s *seeker) farTimers(in ssa.CallInstruction) {
	ticks := s.h.farTicks(in)
	if len(ticks) == 0 {
		return
	}
	x := s
	if _, isGo := in.(*ssa.Go); isGo {
		x = &seeker{h: s.h, g: s.h.ev.StartedBy(in)}
	}
	if x.g == nil {
		return
	}
	for _, t := range ticks {
		if x.fn == nil || !x.before(in, t.timer) {
			x.stopped(t.timer, FalseEnd{Kind: TimerStopped, Pos: in.Pos(), Wait: in, Once: true, Far: t.name})
		}
	}
	if x != s {
		s.found = append(s.found, x.found...)
	}
}
