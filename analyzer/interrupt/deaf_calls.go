package interrupt

import (
	"go/constant"
	"go/types"
	"net/netip"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/flow"
	"github.com/killcheck/killcheck/analyzer/handle"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// withForm judges a call that has a form with a context.
func (h *Interrupts) withForm(c *waiting) (Deaf, bool) {
	if h.briefDial(c) {
		return Deaf{}, false
	}
	use, _, _ := c.row.ContextForm()
	d := Deaf{Kind: NoContext, Use: use, Unsure: c.row.Effect != kb.Blocks && c.row.Kind != kb.KindNetDial || h.timeLimit(c)}
	if c.stop.Ctx == "" {
		d.Unsure = true // there is no context to give it
		return d, true
	}
	d.Made, d.Given, d.Fatal = c.in.Pos(), c.stop, h.fatal(c.in)
	return d, true
}

// fatal reports whether control does not come back where the call has failed: an error
// makes the program panic or end.
func (h *Interrupts) fatal(c *ssa.Call) bool {
	graph := h.ev.PlainGraph(c.Parent())
	seen := make(map[ssa.Value]bool)
	work := []ssa.Value{code.ErrorOf(c)}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if v == nil || seen[v] || v.Referrers() == nil {
			continue
		}
		seen[v] = true
		for _, r := range *v.Referrers() {
			switch r := r.(type) {
			case *ssa.Phi:
				work = append(work, r)
			case *ssa.BinOp:
				if flow.Condition(r.Block()) != r {
					continue
				}
				for i, to := range r.Block().Succs {
					if _, panics := to.Instrs[len(to.Instrs)-1].(*ssa.Panic); flow.OnFailure(r.Block(), i) && (panics || graph.StopsAt(to) != nil) {
						return true
					}
				}
			}
		}
	}
	return false
}

// briefDial reports whether the call looks up or connects to an address for which
// nobody has to be asked: it is a literal, and for a connection one of this machine
// or one to which packets go without a handshake. A timeout that is known to be
// short bounds the others. What reads addresses mostly gets numbers, if it does not get a
// name that is written there.
func (h *Interrupts) briefDial(c *waiting) bool {
	switch c.row.Kind {
	case kb.KindNetDial, kb.KindDNS:
	case kb.KindAddress:
		return !c.named()
	default:
		return false
	}
	for _, p := range c.row.Wake(kb.TimeoutArg) {
		if v := program.PlaceOf(&c.in.Call, p); v != nil && p.Where == kb.Arg {
			if d := h.longest(v); d.known && d.most > 0 && d.most <= longSleep {
				return true
			}
		}
	}
	literal, packets := false, false
	for _, s := range c.texts() {
		local, ok := literalAddress(s)
		literal = literal || ok && (local || c.row.Kind == kb.KindDNS)
		packets = packets || strings.HasPrefix(s, "udp") && c.literalArg()
	}
	return literal || packets
}

// texts returns the arguments of the call that are constant strings.
func (c *waiting) texts() (all []string) {
	for _, a := range c.in.Call.Args {
		if k, ok := a.(*ssa.Const); ok && k.Value != nil && k.Value.Kind() == constant.String {
			all = append(all, constant.StringVal(k.Value))
		}
	}
	return all
}

// named reports whether an argument of the call is the name of a host, as a constant.
func (c *waiting) named() bool {
	return slices.ContainsFunc(c.texts(), func(s string) bool {
		host, _, colon := strings.Cut(s, ":")
		return colon && strings.Contains(host, ".") && strings.ContainsFunc(host, unicode.IsLetter)
	})
}

// literalArg reports whether an argument of the call is a literal address.
func (c *waiting) literalArg() bool {
	return slices.ContainsFunc(c.texts(), func(s string) bool {
		_, ok := literalAddress(s)
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
func (h *Interrupts) timeLimit(c *waiting) bool {
	for _, p := range c.row.Wake(kb.TimeoutArg) {
		if p.Where == kb.Nowhere {
			continue // what the system sets, which is minutes
		}
		v := program.PlaceOf(&c.in.Call, p)
		if v == nil || p.Where == kb.Arg || !h.unset(v) {
			return true
		}
	}
	return false
}

// unset reports whether the object is made here and no field of it is set: then
// it has no timeout either.
func (h *Interrupts) unset(v ssa.Value) bool {
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
// object was made without one though there is a form with one, or with one that never
// ends.
func (h *Interrupts) madeWithout(c *waiting) (Deaf, bool) {
	for _, p := range c.row.Wake(kb.CtxDone) {
		if p.Where != kb.Recv && p.Where != kb.InArg {
			return Deaf{}, false
		}
		v := program.PlaceOf(&c.in.Call, p)
		if v == nil || c.row.Kind == kb.KindHTTPServer {
			return Deaf{}, false // the server's request, and its handler may heed other signals
		}
		k := h.Of(v)
		if k.Open || len(k.Makes) == 0 || h.Interrupted(c.g, c.in, k, kb.Kill, kb.Close) {
			return Deaf{}, false
		}
		with := 0
		for _, m := range k.Makes {
			row, ok := signal.Entry(h.ev.Base, &m.Call.Call)
			switch {
			case !ok || row.Effect != kb.Instant:
				return Deaf{}, false
			case h.ev.HasForm(row):
			case h.givenDead(row, m.Call):
				with++
			default:
				return Deaf{}, false
			}
		}
		if with == 0 {
			return h.makeWith(c, k)
		}
		made, _ := signal.Entry(h.ev.Base, &k.Makes[0].Call.Call)
		if with < len(k.Makes) || c.stop.Ctx == "" || made.Kind == kb.KindProc && h.killed(k) {
			return Deaf{}, false
		}
		return Deaf{Kind: OtherContext, Use: h.name(k.Makes[0].Call), Unsure: true}, true // it may be meant so
	}
	return Deaf{}, false
}

// givenDead reports whether what the call makes carries a context that never ends.
func (h *Interrupts) givenDead(row kb.Entry, c *ssa.Call) bool {
	if row.Carries.Where != kb.Arg {
		return false
	}
	ctx := program.PlaceOf(&c.Call, row.Carries)
	return ctx != nil && code.IsContext(ctx.Type()) && !h.ev.Graph.Context(h.ev.Base, ctx).Ends
}

func (h *Interrupts) makeWith(c *waiting, k *handle.Handle) (Deaf, bool) {
	m := k.Makes[0].Call
	row, _ := signal.Entry(h.ev.Base, &m.Call)
	if row.Kind == kb.KindProc && h.killed(k) {
		return Deaf{}, false
	}
	use, _, _ := row.ContextForm()
	d := Deaf{Kind: NoContext, Use: use, Unsure: c.stop.Ctx == "" || h.timeLimit(c)}
	if c.stop.Ctx != "" && len(k.Makes) == 1 && m.Parent() == c.f.Fn {
		if s := h.ev.StopAt(c.g, c.f, m.Pos()); s.Ctx != "" {
			d.Made, d.Given, d.Fatal = m.Pos(), s, h.fatal(c.in)
		}
	}
	return d, true
}

// killed reports whether some code uses the process of the command: it may kill
// it.
func (h *Interrupts) killed(k *handle.Handle) bool {
	for id := range k.Ids {
		m, ok := id.(handle.Made)
		if !ok {
			continue
		}
		if h.readsField(m.Call, func(t types.Type) bool {
			n := code.TypeName(t)
			return n != nil && n.Pkg() == m.Call.Call.StaticCallee().Object().Pkg() || n != nil && n.Name() == "Process"
		}) {
			return true
		}
	}
	return false
}

// readsField reports whether some code reads a field of the object whose type is
// of the given sort, directly or through variables.
func (h *Interrupts) readsField(v ssa.Value, sort func(types.Type) bool) bool {
	e := handle.Escape{H: h.Handles, Seen: make(map[ssa.Value]bool)}
	if c, ok := v.(*ssa.Call); ok {
		e.Result(c, 0)
	}
	if e.Out {
		return true
	}
	for x := range e.Seen {
		if x.Referrers() == nil {
			continue
		}
		for _, r := range *x.Referrers() {
			if fa, ok := r.(*ssa.FieldAddr); ok && fa.X == x {
				if p, ok := fa.Type().(*types.Pointer); ok && sort(p.Elem()) {
					return true
				}
			}
		}
	}
	return false
}

// onHandle judges a wait on handles that are made in view. A call may wait on
// two, as a copy does: it stays where it is if nobody ends the wait on one of
// them, whatever becomes of the other.
func (h *Interrupts) onHandle(c *waiting) (Deaf, bool) {
	if h.arrived(c) {
		return Deaf{}, false
	}
	var found *Deaf
	for _, at := range c.row.Wakes {
		if at.Event != kb.Close && at.Event != kb.Underlying {
			continue
		}
		v := program.PlaceOf(&c.in.Call, at.At)
		if v == nil {
			continue
		}
		k := h.Of(v)
		if row, ok := h.IsHandle(k); ok && row.Effect == kb.Blocks {
			return Deaf{Kind: Stdin, Row: row, Unsure: !h.ev.LooksAtStop(c.f)}, true
		}
		if h.Interrupted(c.g, c.in, k, kb.Close, kb.Deadline, kb.Kill) {
			return Deaf{}, false
		}
		if found != nil || !h.Sealed(k) || !h.blockingHandle(k) || h.PeerCloses(c.g, k) {
			continue
		}
		found = &Deaf{Kind: Open, Row: c.row, Unsure: !h.ev.LooksAtStop(c.f), Handle: h.ev.Syn.Handle(c.in.Pos(), at), Way: h.WayOut(c.in, at)}
	}
	if found == nil {
		return Deaf{}, false
	}
	return *found, true
}

// blockingHandle reports whether each maker of the handle is known to give
// something that blocks without bound: a connection, a listener, a pipe.
func (h *Interrupts) blockingHandle(k *handle.Handle) bool {
	for _, m := range k.Makes {
		row, ok := signal.Entry(h.ev.Base, &m.Call.Call)
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
func (h *Interrupts) hopeless(c *waiting) (Deaf, bool) {
	if h.ev.AtOnce(c.in) || c.row.Kind == kb.KindCPU && code.FixedCost(&c.in.Call) {
		return Deaf{}, false
	}
	at, stop := h.child(c)
	return Deaf{Kind: Hopeless, Row: c.row, Unsure: true, Child: at, Given: stop}, true
}
