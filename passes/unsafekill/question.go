package unsafekill

import (
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// unsafeKills finds code that ends or signals a thread from outside, and
// callbacks that end the goroutine of the library that calls them.
func (q *question) unsafeKills() {
	for _, fn := range q.Functions {
		if !q.Graph.Live(fn) {
			continue
		}
		g, f := q.Runner(q.Goroutines, fn)
		for _, k := range q.Kills(fn) {
			q.Report(g, f, report.Finding{Pos: k.Pos, Message: message(k)})
		}
	}
}

func message(k event.Kill) string {
	switch k.Kind {
	case event.Unwound:
		return "panic thrown through a library: the caller of this callback is unwound to the recover outside, and may hold locks; return an error or heed a stop signal"
	case event.Library:
		return "goroutine killed inside a library: " + k.By + " in a callback unwinds the code that called it, which may hold locks; return an error or heed a stop signal"
	}
	return "thread killed from outside: " + k.By + " leaves its locks held, its memory half written and its child processes running; give the work a stop signal, or a process of its own"
}
