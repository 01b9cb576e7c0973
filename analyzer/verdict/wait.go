package verdict

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// A WaitOp is the operation at which control stays.
type WaitOp uint8

// The operations.
const (
	WaitSelect  WaitOp = iota // a select without a default
	WaitNothing               // select {}
	WaitRecv                  // a receive, a range over a channel among them
	WaitSend                  // a send
	WaitLoop                  // a loop without a bound
	WaitCall                  // a call that the knowledge base says to block
	WaitJoin                  // a wait for goroutines: a group's
	WaitUnread                // a call of code that was not read
)

// An Action is what somebody does to end a wait.
type Action uint8

// The actions.
const (
	ByClose   Action = iota // a channel is closed, or a handle
	BySend                  // a value is sent
	ByReceive               // a value is received, or there is room for it
	ByCancel                // a context is cancelled
	ByStore                 // a flag is set
	ByJoin                  // the goroutines that are counted end
	ByTime                  // time passes, or a deadline that is set
	ByData                  // what the loop works on says so
	ByReturn                // the code that is called returns
	ByPeer                  // the other side of a connection, a process, the kernel
)

// A Level says how sure it is that somebody raises a wake.
type Level uint8

// The levels, the least sure first.
const (
	Never   Level = iota // everybody who could is seen, and nobody does
	OnlyIf               // on some paths only, or if a partner stays that may leave
	Unclear              // neither is shown
	Perhaps              // code that is not seen may: the stop is the caller's
	Surely               // somebody else does so, on every path or when he is asked to
	Itself               // it needs nobody: time, room, goroutines that end by themselves
)

// A Reason says why a wake is not sure.
type Reason uint8

// The reasons.
const (
	NoReason     Reason = iota
	NobodyDoes          // nobody who is seen does it
	NilChannel          // the channel is never made
	OnePath             // At is a return before which it is not done
	RootContext         // the context is one that is never cancelled, perhaps one of several
	NotCancelled        // its cancel function is never called
	OnlyAfter           // the goroutine itself does it, after the wait
	DataDecide          // the data decide when the loop ends
	NoExit              // nothing leaves the loop
	Partner             // a partner is needed that is not shown to come
	NotSeen             // code that is not seen would have to do it
	NotRead             // the code was not read
	NotEnd              // a goroutine that is waited for is not shown to end
	NoMore              // there is more than is looked at
	Recursive           // what is waited for waits for this
)

// A Wait is a point where control can stay.
type Wait struct {
	Op    WaitOp
	Fn    *ssa.Function   // the function that waits, or calls one of another package that does
	In    ssa.Instruction // nil for a loop
	Head  *ssa.BasicBlock // for a loop
	Pos   token.Pos
	Wakes []Wake
	Calls []token.Pos // the calls that lead to it, outermost first
	Far   string      // for a wait in another package: function and place
	Name  string      // what it waits for, as Go source; may be empty
	Other bool        // a loop with other ways out, which not every round comes to, or the data decide
	Part  bool        // a loop that ends only if what ends another wait of its loop comes as well
	Told  bool        // for a call of code that was not read: it is given values alone
	Timed bool        // a deadline bounds it, whatever else ends it
	Stays bool        // a call that does not come back before what it works on is closed
	Meant bool        // for a wait in another package: it is meant to last as long as the process
}

// A Wake is what ends a wait.
type Wake struct {
	Action Action
	Param  ssa.Value // the parameter that is its object, as long as the call does not say what that is; else nil
	Name   string    // the object as Go source: ctx.Done(), s.quit
	Key    string    // the object where it has a name for all functions: a field, what makes it
	Level  Level
	Why    Reason
	At     token.Pos         // of the reason
	What   string            // of the reason: a name
	Who    []ssa.Instruction // who raises it
	Sets   [][]string        // if goroutines raise it by their end: sets of stops, of each of which one must come
	If     []string          // and what they need from outside, see Verdict.If
	Stop   bool              // to raise it is a stop, if somebody outside does so
	Given  bool              // for a wait in another package: a channel or context that is given to that is its object
	Root   ssa.Value         // for a handle: the call or variable that makes it, if that is one
	Over   string            // for a handle: what it works on, as Go source
	Only   bool              // for a handle: a deadline does not do
	Fails  bool              // it makes a call fail, which may fail by what it works on as well
	Time   bool              // it comes some day without anybody, as a deadline does
	Of     *Object           // its object, where one instruction makes it and all that raise the wake are seen; else nil
}

// An Object is what a wake works on.
type Object struct {
	Made ssa.Instruction
	Ends []ssa.Instruction // all that raise the wake
}

// maxCalls is how many calls on the way to a wait are kept.
const maxCalls = 8

// events are the waits of a function and of what it calls.
type events struct {
	waits []*Wait
	more  bool // there are others, which are not kept
}

// Best returns the surest wake, or nil.
func (w *Wait) Best() *Wake {
	var best *Wake
	for i := range w.Wakes {
		if best == nil || w.Wakes[i].Level > best.Level {
			best = &w.Wakes[i]
		}
	}
	return best
}

// Open reports whether a wake of the wait depends on a parameter.
func (w *Wait) Open() bool {
	for i := range w.Wakes {
		if w.Wakes[i].Param != nil {
			return true
		}
	}
	return false
}

// Over reports whether the wait ends by itself, whatever a call gives, and whatever
// code does that was not read.
func (w *Wait) Over() bool {
	if w.Timed {
		return true
	}
	for i := range w.Wakes {
		if w.Wakes[i].Param == nil && w.Wakes[i].Level == Itself && len(w.Wakes[i].If) == 0 {
			return true
		}
	}
	return false
}
