package wake

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
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

// A Wake is what ends a wait.
type Wake struct {
	Action  Action
	Param   ssa.Value // the parameter that is its object, as long as the call does not say what that is; else nil
	Name    string    // the object as Go source: ctx.Done(), s.quit
	Key     string    // the object where it has a name for all functions: a field, what makes it
	Level   Level
	Why     Reason
	At      token.Pos         // of the reason
	What    string            // of the reason: a name
	Who     []ssa.Instruction // who raises it
	Sets    [][]string        // if goroutines raise it by their end: sets of stops, of each of which one must come
	If      []string          // and what they need from outside, see Verdict.If
	Stop    bool              // to raise it is a stop, if somebody outside does so
	Carried bool              // it is the context of what the call works on, and not given to the call
	Given   bool              // for a wait in another package: a channel or context that is given to that is its object
	Root    ssa.Value         // for a handle: the call or variable that makes it, if that is one
	Over    string            // for a handle: what it works on, as Go source
	Only    bool              // for a handle: a deadline does not do
	Fails   bool              // it makes a call fail, which may fail by what it works on as well
	Time    bool              // it comes some day without anybody, as a deadline does
	Of      *Object           // its object, where one instruction makes it and all that raise the wake are seen; else nil
}

// An Object is what a wake works on.
type Object struct {
	Made ssa.Instruction
	Ends []ssa.Instruction // all that raise the wake
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

// Outside reports whether what is outside of the code that was read decides whether
// the wake comes: other code, or the data.
func (k *Wake) Outside() bool {
	if k.Param != nil {
		return false
	}
	switch k.Level {
	case Perhaps:
		return true
	case Unclear:
		return k.Why == NotSeen || k.Why == NotRead || k.Why == DataDecide && !k.Stop || k.Action == ByReturn
	}
	return false
}

// Stops reports whether somebody outside ends the wait by it.
func (k *Wake) Stops() bool { return k.Level == Surely || k.Level == Perhaps && k.Stop }
