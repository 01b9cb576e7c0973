package abandoned

import (
	"go/token"
	"strconv"
	"strings"

	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/peer"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// abandoned finds the sends and receives of goroutines whose partners can leave
// first.
func (q *question) abandoned() {
	var all []peer.Unmet
	for _, g := range q.Goroutines {
		if !q.EndsWithMain(g) {
			q.pipes(g)
		}
		all = append(all, q.Peers().Unmet(g)...)
	}
	most := make(map[token.Pos]int) // by the make of the channel: one edit takes what all of them send
	for _, x := range all {
		if outlives(x) {
			q.late = append(q.late, x.Pos)
		}
		if n, err := strconv.Atoi(x.Capacity); err == nil {
			most[x.Make] = max(most[x.Make], n)
		}
	}
	for i, x := range all {
		if _, err := strconv.Atoi(x.Capacity); err == nil {
			all[i].Capacity = strconv.Itoa(most[x.Make])
		}
	}
	for _, x := range all {
		q.unmet(x)
	}
	q.unread()
	for _, x := range q.Peers().StopSends() {
		q.unmet(x)
	}
	for _, x := range q.Peers().Unreceived() {
		q.unmet(x)
	}
	q.inCircles()
	q.Standstills(true)
}

// inCircles reports the sends whose receivers all come only after a wait for this
// send.
func (q *question) inCircles() {
	for _, p := range q.Circles() {
		g, f := q.Runner(q.Goroutines, p.In.Parent())
		if !p.Sends() || g == nil && !q.Alone(q.Goroutines, p) {
			continue
		}
		q.Report(g, f, report.Finding{
			Pos:     p.In.Pos(),
			Message: report.Subject(g) + " waits for itself: what would receive from " + q.Syn.Channel(p.In.Pos()) + " comes only after a wait for this send",
		}, q.CircleSteps(p, "this would receive")...)
	}
}

// unmet reports a send or receive whose other end may not come.
func (q *question) unmet(x peer.Unmet) {
	o := report.Finding{Pos: x.Pos, Extended: x.Unsure, Remedy: q.remedy(x)}
	ch := q.Syn.Channel(x.Pos)
	if x.Far != "" {
		ch = x.Name
	}
	o.OneWay = x.Kind == peer.GivenUp || x.Kind == peer.ReceiverLeaves || x.Kind == peer.SenderLeaves || x.Kind == peer.LoopLeaves
	steps := []program.Step{x.Leaves}
	switch x.Kind {
	case peer.NoReceiver:
		o.Message = "goroutine cannot end its send: nothing receives from " + ch
		if x.G == nil {
			o.Message = report.Subject(nil) + " waits for ever: nothing receives from " + ch
		}
	case peer.ReceiverLater:
		o.Message = "goroutine waits for itself: it starts what receives from " + ch + " only after this send, for which there is no room"
		steps = q.other(x, "this would receive")
	case peer.GivenUp:
		o.Message = "goroutine cannot end its send: " + x.Who + " can give up waiting for " + ch
	case peer.Fewer:
		o.OneWay = x.OneWay
		o.Message = "goroutine cannot end its send: " + fewer(x, ch)
	case peer.ReceiverLeaves:
		o.Message = "goroutine cannot end its send: the receiver of " + ch + " can leave first, " + q.way(x)
		o.Extended = x.Unsure || x.Stop.Ctx == "" && x.Way == peer.ByCase && q.mayBeJoined(x)
		steps = q.other(x, "this receiver can leave first")
	case peer.SenderLeaves:
		o.Message = "goroutine cannot end its receive: the sender on " + ch + " can leave first, " + q.way(x)
		steps = q.other(x, "this sender can leave first")
	case peer.LoopLeaves:
		o.Message = report.Subject(x.G) + " can wait for ever: the loop that receives from " + ch + " can leave first, " + q.way(x)
		steps = q.other(x, "this receiver can leave first")
	}
	if x.Kind != peer.NoReceiver && x.Kind != peer.ReceiverLater && x.G != nil && (q.Pkg.Name() == "main" && x.G.Process || q.OfCommandLine(x.G.Site.In)) {
		o.Extended = true // started by a command that ends soon after its partner has left
	}
	if x.Far != "" {
		o.Message = strings.Replace(o.Message, "its send", "its send in "+x.Far, 1)
	}
	o.Message += q.AndReach(x.Stop)
	q.Report(x.G, x.F, o, steps...)
}

// mayBeJoined reports whether somebody can wait for the end of the goroutine that
// sends: who raises the stop of the receiver may have done so before, in ways that are
// not seen. Who cancels a context from outside does not.
func (q *question) mayBeJoined(x peer.Unmet) bool {
	return x.G.Site.Join || q.Owners().SignalsEnd(x.G, x.In)
}

// other is the other end.
func (q *question) other(x peer.Unmet, text string) []program.Step {
	return []program.Step{{Pos: x.Other, End: q.Syn.End(x.Other), Text: text}}
}

// way says how he leaves.
func (q *question) way(x peer.Unmet) string {
	switch x.Way {
	case peer.OnError:
		return "because of an error"
	case peer.OutOfLoop:
		return "out of its loop"
	}
	return "by its case " + q.Syn.Channel(x.Case)
}

// fewer words the count.
func fewer(x peer.Unmet, ch string) string {
	who := x.Who
	if who == "" {
		who = "the function that started it"
	}
	switch {
	case x.Taken == 0 && x.Room == 0:
		return who + " can return without receiving from " + ch
	case x.Sends >= count.Many:
		return who + " can return with sends on " + ch + " still to come"
	}
	taken := " of them are taken"
	if x.Taken+x.Room == 1 {
		taken = " of them is taken"
	}
	return "there are " + strconv.Itoa(x.Sends) + " sends on " + ch + ", but on one path only " + strconv.Itoa(x.Taken+x.Room) + taken
}

// outlives reports whether nobody takes what is sent once the function has returned that
// starts the goroutine, and no capacity is known to be enough.
func outlives(x peer.Unmet) bool { return x.Kind == peer.Fewer && x.Who == "" && x.Capacity == "" }

// remedy offers the capacity that takes all sends, or else a select with the stop
// signal.
func (q *question) remedy(x peer.Unmet) remedy.Remedy {
	if x.Capacity != "" {
		return remedy.Remedy{Op: remedy.Make, Pos: x.Make, Capacity: x.Capacity, Safe: true}
	}
	if x.Apart {
		x.Stop = event.Stop{} // the receiver would wait on for a value that is dropped
	}
	if outlives(x) {
		return remedy.Remedy{Op: remedy.Until, Pos: x.Pos, Ats: q.late, Stop: x.Stop, Safe: q.Bare(x.F)}
	}
	if x.Stop.Expr == "" {
		return remedy.Remedy{}
	}
	op := remedy.Send
	if x.Kind == peer.SenderLeaves {
		op = remedy.Recv
	}
	return remedy.Remedy{Op: op, Pos: x.Pos, Stop: x.Stop, Safe: q.Bare(x.F)}
}
