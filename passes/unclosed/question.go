package unclosed

import (
	"github.com/killcheck/killcheck/analyzer/owner"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/passes/internal/remedy"
	"github.com/killcheck/killcheck/passes/internal/report"
)

// unclosed finds the values that own a goroutine and are dropped: some path
// returns without ending them and without giving them to anybody.
func (q *question) unclosed(o *owner.Owners) {
	for _, fn := range q.Functions {
		if !o.Repeats(fn) {
			continue
		}
		for _, s := range q.Handles().Unwaited(fn) {
			if !s.Wrong.IsValid() {
				q.drop(owner.Dropped{Pos: s.Pos}, "the command is dropped: nothing calls its "+s.Ender+", which alone ends the goroutine that "+q.Syn.Callee(s.Pos)+" has started")
			}
		}
		for _, d := range o.Unclosed(fn) {
			callee := q.Syn.Callee(d.Pos)
			how := "is dropped: nothing calls its " + d.Ender
			if d.Partly {
				how = "is dropped on a path that returns without calling its " + d.Ender
			}
			q.drop(d, "the value of "+callee+" "+how+", which alone ends the goroutine that "+callee+" started")
		}
	}
	for _, g := range q.Goroutines {
		for _, d := range o.Unfinished(g) {
			q.drop(d, "goroutine runs on when "+d.In+" fails: the "+d.Type+" is dropped without its "+d.Ender+", which alone ends it")
		}
	}
	for _, g := range q.Goroutines {
		for _, d := range o.Unstopped(g) {
			q.drop(d, "goroutine runs on: "+d.In+" makes the "+d.Type+" and gives it to nobody, but does not call its "+d.Ender+", which alone ends it")
		}
	}
}

// drop reports a value that is dropped. Where the paths are known on which that is
// so, the value is ended there, or on all of them if nothing else does.
func (q *question) drop(d owner.Dropped, message string) {
	found := report.Finding{Pos: d.Pos, Extended: true, Message: message}
	if len(d.Returns) == 0 {
		q.Report(d.G, nil, found)
		return
	}
	found.Remedy = remedy.Remedy{Op: remedy.CloseValue, Pos: d.Pos, Use: d.Ender}
	if d.Partly {
		found.Remedy.Ats = d.Returns
	}
	q.Report(d.G, nil, found, program.DropStep(d.Returns[0]))
}
