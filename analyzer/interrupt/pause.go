package interrupt

import (
	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// pause judges a receive from the channel of a timer: it lasts as long as a sleep of
// that time, unless somebody sets the timer anew.
func (h *Interrupts) pause(g *program.Goroutine, f *program.Frame, u *ssa.UnOp) (Deaf, bool) {
	if code.RecvIsRange(u) {
		return Deaf{}, false
	}
	most, ok := h.untilTick(u.X)
	if !ok {
		return Deaf{}, false
	}
	d, ok := h.paused(g, f, u, most)
	d.Name = h.ev.Syn.Channel(u.Pos())
	return d, ok
}

// paused judges an instruction of the frame that waits for a timer for so long, or what
// the go statement calls, if the frame is nil.
func (h *Interrupts) paused(g *program.Goroutine, f *program.Frame, u ssa.Instruction, most span) (Deaf, bool) {
	d := Deaf{F: f, Pos: u.Pos(), In: u}
	if f != nil {
		d.Stop = h.ev.StopAt(g, f, u.Pos())
	}
	if d.Stop.Expr == "" {
		x, ok := h.unheard(g, most)
		d.Kind, d.Stop, d.Most, d.Unsure = x.Kind, x.Stop, x.Most, x.Unsure
		return d, ok
	}
	if most.known && most.most <= shortSleep || !h.meantToStop(g, f, u.Pos(), d.Stop) || h.ownerOf(f, u) || h.ev.AfterStop(f, u) {
		return Deaf{}, false
	}
	bounded := most.known && most.most < longSleep && (h.ev.LoopLooksAtStop(f, u) || !h.ev.InLoop(f, u))
	d.Kind, d.Most, d.Unsure = Pause, most.most, bounded || g.Process || h.ev.InCommand()
	return d, true
}

// unheard returns what is known of a wait of that length if the function that starts the
// goroutine closes a channel to stop it from which nothing receives.
func (h *Interrupts) unheard(g *program.Goroutine, most span) (Deaf, bool) {
	if !most.known || most.itself || most.most < longSleep {
		return Deaf{}, false
	}
	stop := h.ev.Unheard(g)
	return Deaf{Kind: Unheard, Stop: stop, Most: most.most, Unsure: g.Process || h.ev.InCommand()}, stop.Expr != ""
}

// untilTick returns how long it can last until a value comes from the channel of a timer
// that fires once, which nobody sets anew.
func (h *Interrupts) untilTick(ch ssa.Value) (span, bool) {
	if c, ok := ch.(*ssa.Call); ok {
		row, ok := signal.Entry(h.ev.Base, &c.Call)
		if !ok || row.Effect != kb.NeverClosed || !row.Once {
			return span{}, false
		}
		return h.timeOf(c, row)
	}
	s := &seeker{h: h}
	timer, row, ok := s.timer(ch)
	if !ok || !row.Once {
		return span{}, false
	}
	return h.untilFires(timer)
}

// untilFires returns how long it can last until the timer fires, which nobody sets
// anew.
func (h *Interrupts) untilFires(timer ssa.Value) (span, bool) {
	k := h.Of(timer)
	if !h.Sealed(k) || h.setAnew(k) {
		return span{}, false
	}
	all := span{known: true}
	for _, m := range k.Makes {
		row, ok := signal.Entry(h.ev.Base, &m.Call.Call)
		if !ok {
			return span{}, false
		}
		t, ok := h.timeOf(m.Call, row)
		if !ok {
			return span{}, false
		}
		all = all.or(t)
	}
	return all, true
}

// setAnew reports whether somebody may set the timer anew.
func (h *Interrupts) setAnew(k *handle.Handle) bool {
	for _, r := range h.Raised {
		if r.Event == kb.Reset && k.Meets(r.What) {
			return true
		}
	}
	return false
}

// timeOf returns the time after which what the call makes brings a value.
func (h *Interrupts) timeOf(c *ssa.Call, row kb.Entry) (span, bool) {
	for _, p := range row.Wake(kb.Time) {
		if v := program.PlaceOf(&c.Call, p); v != nil {
			return h.longest(v), true
		}
	}
	return span{}, false
}
