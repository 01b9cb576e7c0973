package uninterruptible

import (
	"go/constant"
	"go/types"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// withForm judges a call that has a form with a context.
func (q *question) withForm(c *waiting) (report.Finding, bool) {
	if q.briefDial(c) {
		return report.Finding{}, false
	}
	use, _, _ := c.row.ContextForm()
	name := q.Syn.Callee(c.in.Pos())
	o := report.Finding{
		Message:  "goroutine cannot stop in " + name + ": " + c.stop.Name() + " does not end it, " + code.ShortName(use) + " takes a context",
		Extended: c.row.Effect != kb.Blocks && c.row.Kind != kb.KindNetDial || q.timeLimit(c),
	}
	if c.stop.Ctx == "" {
		o.Extended = true // there is no context to give it
		return o, true
	}
	o.Remedy = remedy.Remedy{Op: remedy.CtxForm, Pos: c.in.Pos(), Stop: c.stop, Use: use, Safe: true}
	return o, true
}

// briefDial reports whether the call looks up or connects to an address for which
// nobody has to be asked: it is a literal, and for a connection one of this machine
// or one to which packets go without a handshake. A timeout that is known to be
// short bounds the others.
func (q *question) briefDial(c *waiting) bool {
	if c.row.Kind != kb.KindNetDial && c.row.Kind != kb.KindDNS {
		return false
	}
	for _, p := range c.row.Wake(kb.TimeoutArg) {
		if v := program.PlaceOf(&c.in.Call, p); v != nil && p.Where == kb.Arg {
			if d := q.longest(c.h, v); d.known && d.most > 0 && d.most <= longSleep {
				return true
			}
		}
	}
	literal, packets := false, false
	for _, a := range c.in.Call.Args {
		k, ok := a.(*ssa.Const)
		if !ok || k.Value == nil || k.Value.Kind() != constant.String {
			continue
		}
		s := constant.StringVal(k.Value)
		local, ok := literalAddress(s)
		literal = literal || ok && (local || c.row.Kind == kb.KindDNS)
		packets = packets || strings.HasPrefix(s, "udp") && q.literalArg(c)
	}
	return literal || packets
}

// literalArg reports whether an argument of the call is a literal address.
func (q *question) literalArg(c *waiting) bool {
	return slices.ContainsFunc(c.in.Call.Args, func(a ssa.Value) bool {
		k, ok := a.(*ssa.Const)
		if !ok || k.Value == nil || k.Value.Kind() != constant.String {
			return false
		}
		_, ok = literalAddress(constant.StringVal(k.Value))
		return ok
	})
}

// literalAddress reports whether the text is the number of a host, with or without
// a port, and whether that host is this machine.
func literalAddress(s string) (local, ok bool) {
	host := s
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.Contains(s[:i], "::") {
		host = strings.Trim(s[:i], "[]")
		if host == "" {
			return true, true
		}
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback(), err == nil
}

// timeLimit reports whether a timeout may bound the call: an argument, or a field
// of the object that somebody sets.
func (q *question) timeLimit(c *waiting) bool {
	for _, p := range c.row.Wake(kb.TimeoutArg) {
		if p.Where == kb.Nowhere {
			continue // what the system sets, which is minutes
		}
		v := program.PlaceOf(&c.in.Call, p)
		if v == nil || p.Where == kb.Arg || !q.unset(c.h, v) {
			return true
		}
	}
	return false
}

// unset reports whether the object is made here and no field of it is set: then
// it has no timeout either.
func (q *question) unset(h *handle.Handles, v ssa.Value) bool {
	k := h.Of(v)
	for id := range k.Ids {
		a, ok := id.(*ssa.Alloc)
		if !ok {
			return false
		}
		for _, r := range *a.Referrers() {
			if _, sets := r.(*ssa.FieldAddr); sets {
				return false
			}
		}
	}
	return len(k.Ids) > 0 && !k.Open
}

// madeWithout judges a call that is ended by the context of its object, if the
// object was made without one though there is a form with one.
func (q *question) madeWithout(c *waiting) (report.Finding, bool) {
	for _, p := range c.row.Wake(kb.CtxDone) {
		if p.Where != kb.Recv && p.Where != kb.InArg {
			return report.Finding{}, false
		}
		v := program.PlaceOf(&c.in.Call, p)
		if v == nil || c.row.Kind == kb.KindHTTPServer {
			return report.Finding{}, false // the server's request, and its handler may heed other signals
		}
		k := c.h.Of(v)
		if k.Open || len(k.Makes) == 0 || c.h.Interrupted(c.g, c.in, k, kb.Kill, kb.Close) {
			return report.Finding{}, false
		}
		for _, m := range k.Makes {
			row, ok := signal.Entry(q.Base, &m.Call.Call)
			if !ok || row.Effect != kb.Instant || !q.HasForm(row) {
				return report.Finding{}, false
			}
		}
		return q.makeWith(c, k)
	}
	return report.Finding{}, false
}

func (q *question) makeWith(c *waiting, k *handle.Handle) (report.Finding, bool) {
	m := k.Makes[0].Call
	row, _ := signal.Entry(q.Base, &m.Call)
	if row.Kind == kb.KindProc && q.killed(c.h, k) {
		return report.Finding{}, false
	}
	use, _, _ := row.ContextForm()
	o := report.Finding{
		Message:  "goroutine cannot stop in " + q.Syn.Callee(c.in.Pos()) + ": " + c.stop.Name() + " does not end it, " + code.ShortName(use) + " takes a context",
		Extended: c.stop.Ctx == "" || q.timeLimit(c),
	}
	if c.stop.Ctx != "" && len(k.Makes) == 1 && m.Parent() == c.f.Fn {
		if s := q.StopAt(c.g, c.f, m.Pos()); s.Ctx != "" {
			o.Remedy = remedy.Remedy{Op: remedy.CtxForm, Pos: m.Pos(), Stop: s, Use: use, Safe: true}
		}
	}
	return o, true
}

// killed reports whether some code uses the process of the command: it may kill
// it.
func (q *question) killed(h *handle.Handles, k *handle.Handle) bool {
	for id := range k.Ids {
		m, ok := id.(handle.Made)
		if !ok {
			continue
		}
		if h.ReadsField(m.Call, func(t types.Type) bool {
			n := code.TypeName(t)
			return n != nil && n.Pkg() == m.Call.Call.StaticCallee().Object().Pkg() || n != nil && n.Name() == "Process"
		}) {
			return true
		}
	}
	return false
}

// subject says who cannot stop in the call.
func subject(c *waiting) string {
	if c.g.Started() {
		return "goroutine"
	}
	return "function"
}

// onHandle judges a wait on handles that are made in view. A call may wait on
// two, as a copy does: it stays where it is if nobody ends the wait on one of
// them, whatever becomes of the other.
func (q *question) onHandle(c *waiting) (report.Finding, bool) {
	var found *report.Finding
	for _, at := range c.row.Wakes {
		if at.Event != kb.Close && at.Event != kb.Underlying {
			continue
		}
		v := program.PlaceOf(&c.in.Call, at.At)
		if v == nil {
			continue
		}
		k := c.h.Of(v)
		if row, ok := c.h.IsHandle(k); ok && row.Effect == kb.Blocks {
			return report.Finding{
				Message:  subject(c) + " cannot stop in " + q.Syn.Callee(c.in.Pos()) + ": neither " + c.stop.Name() + " nor a Close ends a read of standard input" + q.Advice(row, ""),
				Extended: !q.LooksAtStop(c.f),
			}, true
		}
		if c.h.Interrupted(c.g, c.in, k, kb.Close, kb.Deadline, kb.Kill) {
			return report.Finding{}, false
		}
		if found != nil || !c.h.Sealed(k) || !q.blockingHandle(k) || c.h.PeerCloses(c.g, k) {
			continue
		}
		found = &report.Finding{
			Message:  subject(c) + " cannot stop in " + q.Syn.Callee(c.in.Pos()) + ": nobody closes " + q.Syn.Handle(c.in.Pos(), at) + " or sets a deadline on it when " + c.stop.Name() + " asks for a stop" + q.Advice(c.row, ""),
			Extended: !q.LooksAtStop(c.f),
			Remedy:   q.Interrupt(c.h, c.in, c.stop, at),
		}
	}
	if found == nil {
		return report.Finding{}, false
	}
	return *found, true
}

// blockingHandle reports whether each maker of the handle is known to give
// something that blocks without bound: a connection, a listener, a pipe.
func (q *question) blockingHandle(k *handle.Handle) bool {
	for _, m := range k.Makes {
		row, ok := signal.Entry(q.Base, &m.Call.Call)
		if !ok || len(row.Wake(kb.Kill)) > 0 {
			return false // ends with the process that writes to it
		}
		switch row.Kind {
		case kb.KindNetDial, kb.KindNetListen, kb.KindNetAccept, kb.KindNetIO:
		case kb.KindPipeIO:
			if m.Index != 0 {
				return false
			}
		default:
			return false
		}
	}
	return len(k.Makes) > 0
}

// hopeless judges a call that nothing ends.
func (q *question) hopeless(c *waiting) (report.Finding, bool) {
	if q.AtOnce(c.in) || c.row.Kind == kb.KindCPU && code.FixedCost(&c.in.Call) {
		return report.Finding{}, false
	}
	name := q.Syn.Callee(c.in.Pos())
	if native, ok := code.CgoName(&c.in.Call); ok {
		name = "C." + native
	}
	return report.Finding{
		Message:  "goroutine cannot stop in " + name + ": nothing ends it, " + c.stop.Name() + " does not either" + q.Advice(c.row, "; only a child process can be ended"),
		Extended: true,
		Remedy:   q.promoted(c),
	}, true
}
