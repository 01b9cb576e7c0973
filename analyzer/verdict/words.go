package verdict

import (
	"fmt"
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/program"
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

// String says what a reason means, where nothing else is known.
func (r Reason) String() string {
	switch r {
	case NobodyDoes:
		return "nobody does"
	case NilChannel:
		return "it is never made"
	case OnePath:
		return "only on some paths"
	case RootContext:
		return "its context is one that is never cancelled"
	case NotCancelled:
		return "its cancel function is never called"
	case OnlyAfter:
		return "the goroutine itself does, after the wait"
	case DataDecide:
		return "when its data say so"
	case NoExit:
		return "it has no exit"
	case Partner:
		return "nothing shows that somebody does"
	case NotSeen:
		return "code that is not seen would have to"
	case NotRead:
		return "the code was not read"
	case NotEnd:
		return "a goroutine that it waits for is not shown to end"
	case NoMore:
		return "it has more waits than are looked at"
	case Recursive:
		return "what it waits for waits for it"
	}
	return ""
}

// Words says why nothing is shown to end the wait.
func (m *Verdicts) Words(g *program.Goroutine, w *Wait) string {
	at := m.WhereOf(g, w)
	b := w.Best()
	if b == nil {
		if w.Op == WaitNothing {
			return "select{} at " + at + " waits for nothing"
		}
		return "nothing ends its wait at " + at
	}
	if w.Far != "" && b.Why == Partner {
		x := *b
		x.At, b = token.NoPos, &x // the other end is not here
	}
	switch w.Op {
	case WaitLoop:
		return m.loopWords(at, b)
	case WaitSend:
		switch {
		case b.Why == NilChannel:
			return "it sends on " + w.Name + " at " + at + ", which is never made"
		case b.Level == Never:
			return "it sends on " + w.Name + " at " + at + ", and nothing receives"
		case b.Why == OnePath:
			return "it sends on " + w.Name + " at " + at + ", and the receiver can leave first, by the return at " + m.Where(b.At)
		}
		if b.Why == Partner && b.At.IsValid() {
			return "it sends on " + w.Name + " at " + at + ", and nothing shows that the receive at " + m.Where(b.At) + " takes it"
		}
		return "it sends on " + w.Name + " at " + at + ", and nothing shows that it is received"
	case WaitRecv, WaitSelect:
		name := w.Name
		if b.Name != "" {
			name = b.Name
		}
		return "it waits for " + name + " at " + at + m.Because(b)
	case WaitJoin:
		if b.At.IsValid() && b.Why == NotEnd && b.At != w.Pos {
			return "it waits in " + w.Name + " at " + at + ", and the goroutine started at " + m.Where(b.At) + " is not shown to end"
		}
		return "it waits in " + w.Name + " at " + at + " for goroutines of which not all are known"
	case WaitUnread:
		return w.Name + " at " + at + " was not read"
	}
	switch {
	case b.Level == Never:
		return "it waits in " + w.Name + " at " + at + ", which nothing ends"
	case b.Why == OnePath:
		return "it waits in " + w.Name + " at " + at + m.Because(b)
	case b.Why == OnlyAfter || b.Why == NobodyDoes && b.Name != "":
		return "waits in " + w.Name + " at " + at + ", and nobody else calls " + b.Name
	}
	if b.Why == RootContext {
		return "waits in " + w.Name + " at " + at + m.Because(b)
	}
	return "waits in " + w.Name + " at " + at
}

func (m *Verdicts) loopWords(at string, b *Wake) string {
	switch {
	case b.Why == NoExit:
		return "the loop at " + at + " has no exit"
	case b.Why == DataDecide:
		return "the loop at " + at + " ends when its data say so"
	}
	return "the loop at " + at + " ends by " + b.Name + m.Because(b)
}

// Because says why the wake is not sure, as the end of a sentence.
func (m *Verdicts) Because(b *Wake) string {
	switch b.Why {
	case NobodyDoes:
		switch b.Action {
		case ByClose, BySend:
			return ", which nothing closes or sends on"
		case ByStore:
			return ", which nothing sets"
		}
		return ", which nothing raises"
	case NilChannel:
		return ", which is never made"
	case OnePath:
		return ", which is not raised before the return at " + m.Where(b.At)
	case RootContext:
		if b.Level == OnlyIf {
			return ", whose context may be the one made at " + m.Where(b.At) + ", which is never cancelled"
		}
		return ", whose context is never cancelled"
	case NotCancelled:
		return ", whose context ends by a cancel function that nobody calls"
	case OnlyAfter:
		return ", which only the goroutine itself raises"
	case NotEnd:
		return ", which a goroutine raises that is not shown to come to it"
	case Partner:
		if b.Action == BySend && b.At.IsValid() {
			return ", and nothing shows that the send at " + m.Where(b.At) + " comes"
		}
		return ", and " + b.Why.String()
	case Recursive, NotSeen:
		return ", and " + b.Why.String()
	}
	return ""
}

// WhereOf gives the place of a wait: for one in another package, that.
func (m *Verdicts) WhereOf(g *program.Goroutine, w *Wait) string {
	if w.Far != "" {
		return w.Far
	}
	if !w.Pos.IsValid() {
		return m.Where(g.Site.Pos)
	}
	return m.Where(w.Pos)
}

// conditionText names what a condition asks.
func (m *Verdicts) conditionText(v ssa.Value) string {
	for range 4 {
		switch x := v.(type) {
		case *ssa.Call:
			return m.Syn.Callee(x.Pos()) + "()"
		case *ssa.BinOp:
			v = x.X
		case *ssa.UnOp:
			switch a := x.X.(type) {
			case *ssa.FieldAddr:
				return code.FieldName(a.X.Type(), a.Field)
			case *ssa.Global:
				return a.Name()
			case *ssa.FreeVar:
				return a.Name()
			case *ssa.Alloc:
				return a.Comment
			}
			v = x.X
		case *ssa.Extract:
			v = x.Tuple
		}
	}
	return "a flag"
}
