package held

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/join"
	"github.com/killcheck/killcheck/analyzer/lock"
	"github.com/killcheck/killcheck/analyzer/program"
)

// A Stall is a place at which a lock is held that somebody waits for, for ever.
type Stall struct {
	Kind     Kind
	G        *program.Goroutine // one that takes the lock; nil if none is seen to
	F        *program.Frame     // its function that does
	Pos, End token.Pos          // the place; End is set for a return
	Taken                       // the lock, and the way from there to the place
	Unsure   bool               // it may be that this cannot happen

	Ends  Ends      // for Waits: what would end the wait
	Chan  string    // for Waits: the channel that it is about
	Raise token.Pos // for Waits: where that is done
	Need  token.Pos // for Waits: the call there, or before, that takes the lock
	While bool      // for Waits: the lock is held as that is done, and not only taken before

	Unlock token.Pos // the place in the function that takes the lock before which it could be given back; invalid if there is none
	Give   token.Pos // for Kept: a call of the function that gives the lock back; invalid if there is none

	Then  string    // for Crossed: the other lock, which is taken at the place
	Other Taken     // for Crossed: where somebody else takes that one first
	Last  token.Pos // for Crossed: and where he then takes the first one
}

// Taken is a lock, or a function that runs once, with the calls that are made since.
type Taken struct {
	Lock  string
	At    token.Pos
	Calls []token.Pos
}

// A Kind says what stalls.
type Kind int8

// The kinds of stalls.
const (
	Waits      Kind = iota // a wait that only somebody ends who needs the lock
	Twice                  // a lock that its holder takes again
	TwiceRead              // a lock for reading that its holder takes again, and a writer comes in between
	TwiceRound             // a lock that a round of a loop can leave held, and the next takes again
	TwiceDefer             // a lock that a defer statement takes, though it is still held then
	Again                  // what runs once asks for itself; Lock is what it is the Once of, if it has a name
	Kept                   // a return with the lock still held
	Crossed                // two locks that others take in the opposite order
)

// Ends says what would end a wait.
type Ends int8

// What would end a wait.
const (
	Receiver Ends = iota // what receives from Chan
	Closing              // nothing receives from Chan, and what closes it
	Raiser               // what sends to Chan or closes it
	Closer               // what closes Chan
	Waker                // what wakes the condition variable
	Member               // a goroutine of the group
)

// Find returns the stalls of the package, those of one function after those of
// another.
func Find(ct *count.Counts, en *join.Endings, l *lock.Locker) []Stall {
	h := &holder{Locker: l, ct: ct, endings: en, sync: ct.SyncIndex(), done: make(map[holdKey]bool), stops: make(map[ssa.CallInstruction][]stop), twiceAt: make(map[ssa.CallInstruction]bool), ordered: make(map[[2]ssa.CallInstruction]bool), others: make(map[program.LockClass]bool), mustTakes: make(map[takerKey]bool)}
	for _, fn := range ct.Functions {
		if !ct.Graph.Live(fn) {
			continue
		}
		h.onces(fn)
		if !l.Locks(fn) {
			continue
		}
		h.left = lockFrames
		h.walk(&program.LockFrame{Fn: fn}, nil, 0)
		h.deferred(fn)
		h.missing(fn)
	}
	h.crossed()
	return h.stalls
}

// add notes a stall of a lock that the function takes.
func (h *holder) add(by *ssa.Function, s Stall) {
	s.G, s.F = h.Ev.Runner(h.Ev.Goroutines, by)
	h.stalls = append(h.stalls, s)
}

// take tells where the lock is taken, and the calls from there to the frame.
func (h *holder) take(f *program.LockFrame, k lock.Held) Taken {
	t := Taken{Lock: h.Ev.LockText(k.By), At: k.By.Pos()}
	for _, c := range chain(f, k.By.Parent()) {
		t.Calls = append(t.Calls, c.Pos())
	}
	return t
}

// chain returns the calls that lead from the function to the frame.
func chain(f *program.LockFrame, from *ssa.Function) []ssa.CallInstruction {
	var calls []ssa.CallInstruction
	for ; f != nil && f.Fn != from; f = f.From {
		if f.Call != nil {
			calls = append([]ssa.CallInstruction{f.Call}, calls...)
		}
	}
	return calls
}
