package unreleased

import (
	"strconv"

	"github.com/killcheck/killcheck/analyzer/notify"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/raiser"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// unraised reports the receives whose raiser can leave without raising.
func (q *question) unraised(all []raiser.Unraised) {
	for _, u := range all {
		o := report.Finding{Pos: u.Pos, Extended: u.Unsure, OneWay: u.Kind != raiser.BySenders}
		ch := q.Syn.Channel(u.Pos)
		steps := []program.Step{u.Leaves}
		if u.By != nil {
			steps = []program.Step{{Pos: u.By.Site.Pos, End: u.By.Site.End, Text: "that goroutine starts here"}, u.Leaves}
		}
		switch {
		case u.Kind == raiser.BySenders:
			o.Message = "goroutine never stops: " + u.Name + ", which alone sends on " + ch + ", returns without closing it"
			o.Remedy = q.Raising(u.G, u.In, u.Chan)
		case u.Kind == raiser.ByAnswerer:
			o.Message = report.Subject(u.G) + " can wait for ever: the goroutine that alone raises " + ch + " can return without doing so"
		case u.Kind == raiser.ByServer:
			o.Message = report.Subject(u.G) + " can wait for ever: who takes the request can go on to the next one without an answer on " + ch
		case u.Kind == raiser.ByUnstarted:
			o.Message = report.Subject(u.G) + " can wait for ever: only the goroutine that " + u.Name + " starts raises " + ch + ", and " + u.Name + " can return without starting it"
		case u.Range:
			o.Message = "goroutine never stops: the function that started it can return without closing " + ch
		default:
			o.Message = "goroutine waits for ever: the function that started it can return without raising " + ch
		}
		q.Report(u.G, u.F, o, steps...)
	}
}

// groups reports the waits for condition variables that nobody signals, and for
// wait groups that do not come to zero.
func (q *question) groups() {
	for _, x := range q.Notifiers().Groups() {
		o := report.Finding{Pos: x.Pos, Extended: x.Unsure}
		switch x.Kind {
		case notify.Untold, notify.MoreAdded, notify.GivenLeaves, notify.MemberLeaves:
			o.OneWay = true
		case notify.MoreCounted:
			o.OneWay = x.Some
		}
		who := report.Subject(x.G)
		var steps []program.Step
		switch x.Kind {
		case notify.Unsignalled:
			o.Message = who + " waits for ever: nothing signals " + x.Name
			o.Remedy = remedy.Remedy{Op: remedy.Broadcast, Pos: x.Pos, Safe: true}
		case notify.Untold:
			o.Message = who + " can wait for ever: " + x.Who + " sets the flag that would end this, and then nothing signals " + x.Name
			steps = append(steps, x.Leaves)
		case notify.NoDone:
			o.Message = who + " waits for ever: nothing calls Done on " + x.Name
			o.Remedy = remedy.Remedy{Op: remedy.Done, Pos: x.Pos, At: x.Add}
			steps = append(steps, q.StepAt(x.Add, "this makes it wait"))
		case notify.OwnMember:
			o.Message = who + " waits for itself: it is one of those that " + x.Name + " counts until it returns"
			steps = append(steps, q.StepAt(x.Done, "this is done when it returns"))
		case notify.MoreCounted:
			can := " waits for ever: "
			if x.Some {
				can = " can wait for ever: on one way "
			}
			o.Message = who + can + x.Name + " counts " + strconv.Itoa(x.More) + " more than there are calls of Done"
			steps = append(steps, q.StepAt(x.Add, "this is counted"), x.Leaves)
		case notify.MoreAdded:
			o.Message = "whoever waits for " + x.Name + " can wait for ever: after this Add, one way leads on without the goroutine that calls Done"
			steps = append(steps, q.StepAt(x.Add, "this is counted"), x.Leaves)
		case notify.AllRounds:
			o.Message = who + " waits for ever: " + x.Name + " counts the goroutines of all rounds of the loop, but the wait is inside it"
			steps = append(steps, q.StepAt(x.Add, "all of them are counted here"))
		case notify.GivenLeaves:
			o.Message = who + " can wait for ever: a function that is given away to call " + x.Name + ".Done() can return without"
			steps = append(steps, q.StepAt(x.Done, "it is called here"), x.Leaves)
		case notify.MemberLeaves:
			o.Message = who + " can wait for ever: a goroutine that it waits for can return without " + x.Name + ".Done()"
			steps = append(steps, program.Step{Pos: x.By.Site.Pos, End: x.By.Site.End, Text: "it starts here"}, x.Leaves)
		}
		q.Report(x.G, x.F, o, steps...)
	}
}
