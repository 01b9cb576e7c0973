package remedy

import (
	"go/token"

	"github.com/killcheck/killcheck/analyzer/event"
)

// Op is the operation that a remedy rewrites.
type Op string

// The operations that the fix builders know. Remedy.Pos is a position inside
// the smallest statement or expression named here.
const (
	NoOp        Op = ""
	Loop        Op = "loop"         // a for loop without a stop check; Pos is the for keyword
	EmptySelect Op = "empty-select" // select {}
	Select      Op = "select"       // a select that lacks a stop case; Pos is the select keyword
	Send        Op = "send"         // a send statement; Pos is the arrow
	Until       Op = "until"        // a send that nobody takes once the function has returned that starts the goroutine; Pos is the arrow, Ats are those of all such sends
	Recv        Op = "recv"         // a receive; Pos is the arrow
	Range       Op = "range"        // a range over a channel (a ticker's too); Pos is the for keyword
	Sleep       Op = "sleep"        // a call of time.Sleep as a statement; Pos is inside the call
	CtxForm     Op = "ctx-form"     // a call that has a form with a context; Pos is inside the call
	Make        Op = "make"         // a make(chan T) that needs capacity; Pos is inside the make call
	Break       Op = "break"        // a break that leaves only the select; Pos is the break keyword
	LeaveCase   Op = "leave-case"   // a case for the stop after which the loop goes round; Pos is the arrow of the case
	Owner       Op = "owner"        // a wait whose goroutine has no stop signal in reach; Pos and Inner say how to turn it to one
	EndError    Op = "end-error"    // a call whose error after a Close is taken for a passing one; Pos is inside the call
	WaitDelay   Op = "wait-delay"   // a wait for a command without WaitDelay; Pos is inside the call
	CloseChan   Op = "close-chan"   // a channel that is never closed; Pos is inside the wait, At inside the make or the go statement that passes it on
	Cancel      Op = "cancel"       // a context whose cancel function is never called; Pos is inside the wait, At inside the call that makes both
	Broadcast   Op = "broadcast"    // a sync.Cond that is not signalled; Pos is inside the call of Wait
	Unlock      Op = "unlock"       // a wait under a lock that its wake needs; Pos is inside the wait, At inside the call that takes the lock, Ats inside the calls of a function that takes it again
	Interrupt   Op = "interrupt"    // a call that a Close or deadline of its handle ends, which nobody does; Pos is inside the call
	Release     Op = "release"      // a return, or closing brace, that leaves a lock held or a handle open; At is inside the call that other paths make
	CloseValue  Op = "close-value"  // a call that makes a value which is dropped; Use is the method that ends it
	Forward     Op = "forward"      // a call that is given a context which nobody cancels; Pos is inside it, Stop.Ctx has the name that it had at Spawn
	Join        Op = "join"         // a goroutine that a method tells to stop and does not wait for; Pos is the go keyword, Use is the method
	Done        Op = "done"         // a wait for a group whose Done nobody calls; At is inside the call of Add
	RaiseFlag   Op = "raise-flag"   // a loop that ends when a flag is set, which nobody does; Pos is the for keyword
	Promote     Op = "promote"      // a call that nothing ends; Pos is inside the call
)

// A Remedy says what would let the goroutine stop, in terms that the builders
// of package fix turn into a fix. The zero Remedy offers none.
type Remedy struct {
	Op       Op
	Pos      token.Pos
	Stop     event.Stop // the stop signal to heed; the zero Stop if none is in reach
	Capacity string     // for Make: the Go expression of the new capacity
	Use      string     // for CtxForm: the full name of the replacement, such as (*net.Dialer).DialContext; for EndError: the error, such as net.ErrClosed, empty if Pos is in a condition that looks for one
	Tail     bool       // who leaves by the stop elsewhere does more than to return
	Safe     bool       // until a stop is asked for, the program does just what it did

	Inner Op          // for Owner: the operation that waits
	Spawn token.Pos   // for Owner: where the goroutine starts
	At    token.Pos   // the other place that the operation names
	Ats   []token.Pos // for Unlock and Until: see there; for CloseValue: the returns at which the value is dropped; empty if nothing ever ends it
	Wake  string      // for Interrupt: the method of the handle that ends the call, such as Close or SetReadDeadline
	Arg   int         // for Interrupt: the argument that is the handle, or what reads it; -1 for the receiver
}
