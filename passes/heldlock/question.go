package heldlock

import (
	"go/token"
	"slices"

	"github.com/killcheck/killcheck/analyzer/held"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// heldLocks reports the waits that are done while a lock is held that whoever would
// end them needs first, and the locks that are taken twice, in opposite orders, or
// never given back.
func (q *question) heldLocks() {
	again := q.again()
	for _, s := range q.Stalls() {
		found := report.Finding{Pos: s.Pos, End: s.End, Extended: s.Unsure}
		if s.Unlock.IsValid() {
			found.Remedy = remedy.Remedy{Op: remedy.Unlock, Pos: s.Unlock, At: s.At, Ats: again[s.Pos]}
		}
		who := report.Subject(s.G)
		steps := q.way(s.Taken, "the lock is taken here")
		switch s.Kind {
		case held.Waits:
			found.Instead = q.Syn.Start(s.Pos)
			found.Message = who + " can wait for ever while it holds " + s.Lock + ": " + q.needs(s)
			steps = append(q.way(s.Taken, s.Lock+" is taken here, and held during the wait"),
				q.StepAt(s.Need, "this needs the lock"), q.StepAt(s.Raise, "this would end the wait"))
		case held.Twice:
			found.Message = who + " waits for itself: it holds " + s.Lock + " already"
		case held.TwiceRead:
			found.Message = who + " can wait for ever: it holds " + s.Lock + " for reading already, and a writer that comes in between makes the second RLock wait"
		case held.TwiceRound:
			found.Message = who + " waits for itself: a round of the loop can end with " + s.Lock + " held, and the next takes it again"
			steps = nil
		case held.TwiceDefer:
			found.Message = who + " waits for itself: the deferred call takes " + s.Lock + ", which is still held when the function returns"
		case held.Again:
			what := "the once-only function runs"
			if s.Lock != "" {
				what = s.Lock + " runs its function"
			}
			found.Message = who + " waits for itself: " + what + " already, and waits here for its own end"
			steps = q.calls([]program.Step{q.StepAt(s.At, "it runs here")}, s.Calls, "")
		case held.Kept:
			found.Message = "it returns here with " + s.Lock + " still held, so the next to take it waits for ever"
			if s.Give.IsValid() {
				found.Remedy = remedy.Remedy{Op: remedy.Release, Pos: s.Pos, At: s.Give}
			}
		case held.Crossed:
			found.Message = who + " can wait for ever: it holds " + s.Lock + " and takes " + s.Then + ", which others take in the opposite order"
			steps = append(q.way(s.Taken, "this lock is taken first here"), q.way(s.Other, "another goroutine takes the other lock first here")...)
			steps = append(steps, q.StepAt(s.Last, "and then this one"))
		}
		q.Report(s.G, s.F, found, steps...)
	}
}

// again returns the calls, under the lock, of the functions that take it again, by the
// place where they do.
func (q *question) again() map[token.Pos][]token.Pos {
	calls := make(map[token.Pos][]token.Pos)
	for _, s := range q.Stalls() {
		if s.Kind != held.Twice && s.Kind != held.TwiceRead || len(s.Calls) == 0 {
			continue
		}
		if last := s.Calls[len(s.Calls)-1]; !slices.Contains(calls[s.Pos], last) {
			calls[s.Pos] = append(calls[s.Pos], last)
		}
	}
	return calls
}

// needs says who would end the wait, and when he needs the lock.
func (q *question) needs(s held.Stall) string {
	who := map[held.Ends]string{
		held.Receiver: "what receives from " + s.Chan,
		held.Closing:  "nothing receives from it, and what closes " + s.Chan,
		held.Raiser:   "what would raise " + s.Chan,
		held.Closer:   "what closes " + s.Chan,
		held.Waker:    "what would wake it",
		held.Member:   "a goroutine that it waits for",
	}[s.Ends]
	if s.While {
		return who + " holds that lock while it does"
	}
	return who + " takes that lock first"
}

// way gives the steps from the call that takes the lock to the place.
func (q *question) way(t held.Taken, text string) []program.Step {
	return q.calls([]program.Step{q.StepAt(t.At, text)}, t.Calls, " with the lock held")
}

func (q *question) calls(steps []program.Step, calls []token.Pos, how string) []program.Step {
	for _, pos := range calls {
		steps = append(steps, q.StepAt(pos, "it calls "+q.Syn.Callee(pos)+how))
	}
	return steps
}
