package abandoned

import (
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// counted handles a channel whose receives all belong to one run of one
// function, its owner: mostly the function that starts the goroutine and makes
// the channel. It compares the sends that can come with the receives on the
// path that receives least. It reports whether it has decided.
func (q *question) counted(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, room int, recvs []signal.Op, gs []*program.Goroutine) bool {
	for _, o := range recvs {
		if q.OnlyIn(g, o.Fn, 6) {
			return false // its own receiver
		}
	}
	owner, start := q.Owner(g, c, recvs, gs)
	if owner == nil {
		return false
	}
	if owner != f.Fn && !q.Affords(g, owner, len(recvs)) {
		return true
	}
	tally := q.NewCounter(owner, c, recvs)
	tally.Child = g
	tally.Errors = !q.SendsError(f.Fn, s)
	tally.Values, tally.NoEnd = q.Deaf(g, f, s, c)
	if tally.Defers() {
		return true // received when the function returns
	}
	sends := q.SendsUpTo(f, s, c)
	each := sends
	if len(c.Makes) == 1 && c.Makes[0].Parent() == owner {
		sends = min(sends*q.RoundsOn(g, s, c.Makes[0], start), count.Many)
	}
	if count.RoomForEach(each, sends, room) || room > 0 && q.OneEach(c) {
		return true
	}
	others := q.OtherSends(g, c, gs)
	l, ok := tally.LeastOnce(start)
	if ok && l.Round >= each {
		sends = each // what earlier rounds have started has been received from
	}
	if ok {
		l.Count = min(l.Count+q.TakenBefore(start, c, recvs, gs), count.Many)
	}
	if !ok || sends+others <= room+l.Count || l.Count >= count.Many || q.Dependent(s) || q.BlockedBefore(f, s, c, room+l.Count) {
		return true
	}
	if q.TakenTogether(g, f, s, c, owner, start, gs) {
		return true // each select takes one of them
	}
	if sends >= count.Many && room > event.SmallRoom && event.OnError(s) {
		return true // it would take that many errors
	}
	stop := q.StopAt(g, f, s.Pos())
	o := report.Finding{
		Pos:      s.Pos(),
		Extended: room > 0 && sends >= count.Many && q.Skippable(f, s) && !(room == 1 && q.OwnErrors(f, s)),
		Message:  "goroutine cannot end its send: " + q.fewer(owner, g, s, min(sends+others, count.Many), room, l.Count) + q.AndReach(stop),
	}
	o.Remedy = q.sendRemedy(g, f, s, c, sends+others, stop)
	q.Report(g, f, o, q.LeaveStep(owner, l))
	return true
}

// fewer words the count.
func (q *question) fewer(owner *ssa.Function, g *program.Goroutine, s *ssa.Send, sends, room, recvs int) string {
	ch := q.Syn.Channel(s.Pos())
	who := "the function that started it"
	if owner != g.Site.In {
		who = owner.Name()
	}
	switch {
	case recvs == 0 && room == 0:
		return who + " can return without receiving from " + ch
	case sends >= count.Many:
		return who + " can return with sends on " + ch + " still to come"
	}
	return "there are " + strconv.Itoa(sends) + " sends on " + ch + ", but on one path only " + strconv.Itoa(recvs+room) + " of them are taken"
}

// sendRemedy offers the capacity that takes all sends, if their number is known
// or has a name, or else a select with the stop signal.
func (q *question) sendRemedy(g *program.Goroutine, f *program.Frame, s *ssa.Send, c *signal.Class, sends int, stop event.Stop) remedy.Remedy {
	if sends < count.Many && len(c.Makes) == 1 && sends <= 16 {
		return remedy.Remedy{Op: remedy.Make, Pos: c.Makes[0].Pos(), Capacity: strconv.Itoa(sends), Safe: true}
	}
	if n := q.RoomForAll(g, f, s, c); n != "" {
		return remedy.Remedy{Op: remedy.Make, Pos: c.Makes[0].Pos(), Capacity: n, Safe: true}
	}
	if stop.Expr != "" {
		return remedy.Remedy{Op: remedy.Send, Pos: s.Pos(), Stop: stop, Safe: q.Bare(f)}
	}
	return remedy.Remedy{}
}
