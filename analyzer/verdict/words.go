package verdict

import (
	"fmt"
	"go/token"
	"strings"

	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/wait"
	"github.com/killcheck/killcheck/analyzer/wake"
)

// String returns the verdict in words.
func (v Verdict) String() string {
	switch v.Ending {
	case Stops:
		s := "stops by " + strings.Join(v.By, ", ")
		if v.All {
			s = "stops by all of " + strings.Join(v.By, ", ")
		}
		if len(v.If) > 0 {
			s += ", if " + listedConditions(v.If)
		}
		return s
	case Ends:
		if len(v.If) > 0 {
			return "ends, if " + listedConditions(v.If)
		}
	case ByProcess:
		return "lives as long as the process"
	case Unknown, Stuck:
		if v.Why != "" {
			return string(v.Ending) + " (" + v.Why + ")"
		}
	}
	return string(v.Ending)
}

// some joins names, of which it shows the first.
func some(names []string) string {
	const most = 3
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// listed joins names, of which it shows a few.
func listed(names []string) string {
	const most = 3
	if len(names) > most {
		return strings.Join(names[:most-1], ", ") + fmt.Sprintf(" or one of %d others", len(names)-most+1)
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
	return names[0]
}

// Words says why nothing is shown to end the wait.
func (m *Verdicts) Words(g *program.Goroutine, w *wait.Wait) string {
	at := m.WhereOf(g, w)
	b := w.Best()
	if b == nil {
		if w.Op == wait.Nothing {
			return "select{} at " + at + " waits for nothing"
		}
		return "nothing ends its wait at " + at
	}
	if w.Far != "" && b.Why == wake.Partner {
		x := *b
		x.At, b = token.NoPos, &x // the other end is not here
	}
	switch w.Op {
	case wait.Loop:
		return m.loopWords(at, b)
	case wait.Send:
		switch {
		case b.Why == wake.NilChannel:
			return "it sends on " + w.Name + " at " + at + ", which is never made"
		case b.Level == wake.Never:
			return "it sends on " + w.Name + " at " + at + ", and nothing receives"
		case b.Why == wake.OnePath:
			return "it sends on " + w.Name + " at " + at + ", and the receiver can leave first, by the return at " + m.Where(b.At)
		}
		if b.Why == wake.Partner && b.At.IsValid() {
			return "it sends on " + w.Name + " at " + at + ", and nothing shows that the receive at " + m.Where(b.At) + " takes it"
		}
		return "it sends on " + w.Name + " at " + at + ", and nothing shows that it is received"
	case wait.Recv, wait.Select:
		name := w.Name
		if b.Name != "" {
			name = b.Name
		}
		return "it waits for " + name + " at " + at + m.Because(b)
	case wait.Join:
		if b.At.IsValid() && b.Why == wake.NotEnd && b.At != w.Pos {
			return "it waits in " + w.Name + " at " + at + ", and the goroutine started at " + m.Where(b.At) + " is not shown to end"
		}
		return "it waits in " + w.Name + " at " + at + " for goroutines of which not all are known"
	case wait.Unread:
		return w.Name + " at " + at + " was not read"
	}
	switch {
	case b.Level == wake.Never:
		return "it waits in " + w.Name + " at " + at + ", which nothing ends"
	case b.Why == wake.OnePath:
		return "it waits in " + w.Name + " at " + at + m.Because(b)
	case b.Why == wake.OnlyAfter || b.Why == wake.NobodyDoes && b.Name != "":
		return "waits in " + w.Name + " at " + at + ", and nobody else calls " + b.Name
	}
	if b.Why == wake.RootContext {
		return "waits in " + w.Name + " at " + at + m.Because(b)
	}
	return "waits in " + w.Name + " at " + at
}

func (m *Verdicts) loopWords(at string, b *wake.Wake) string {
	switch {
	case b.Why == wake.NoExit:
		return "the loop at " + at + " has no exit"
	case b.Why == wake.DataDecide:
		return "the loop at " + at + " ends when its data say so"
	}
	return "the loop at " + at + " ends by " + b.Name + m.Because(b)
}

// Because says why the wake is not sure, as the end of a sentence.
func (m *Verdicts) Because(b *wake.Wake) string {
	switch b.Why {
	case wake.NobodyDoes:
		switch b.Action {
		case wake.ByClose, wake.BySend:
			return ", which nothing closes or sends on"
		case wake.ByStore:
			return ", which nothing sets"
		}
		return ", which nothing raises"
	case wake.NilChannel:
		return ", which is never made"
	case wake.OnePath:
		return ", which is not raised before the return at " + m.Where(b.At)
	case wake.RootContext:
		if b.Level == wake.OnlyIf {
			return ", whose context may be the one made at " + m.Where(b.At) + ", which is never cancelled"
		}
		return ", whose context is never cancelled"
	case wake.NotCancelled:
		return ", whose context ends by a cancel function that nobody calls"
	case wake.OnlyAfter:
		return ", which only the goroutine itself raises"
	case wake.NotEnd:
		return ", which a goroutine raises that is not shown to come to it"
	case wake.Partner:
		if b.Action == wake.BySend && b.At.IsValid() {
			return ", and nothing shows that the send at " + m.Where(b.At) + " comes"
		}
		return ", and " + b.Why.String()
	case wake.Recursive, wake.NotSeen:
		return ", and " + b.Why.String()
	}
	return ""
}

// WhereOf gives the place of a wait: for one in another package, that.
func (m *Verdicts) WhereOf(g *program.Goroutine, w *wait.Wait) string {
	if w.Far != "" {
		return w.Far
	}
	if !w.Pos.IsValid() {
		return m.Where(g.Site.Pos)
	}
	return m.Where(w.Pos)
}
