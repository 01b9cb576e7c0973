// Package analyzer computes the lifetime of goroutines: whether each of them
// can return once somebody asks it to stop. It reports nothing and edits
// nothing; the checks under passes do that from its [Result].
//
// This page is the map of the engine. Each package below says more.
//
// # Rooms, lowest first
//
//   - flow: graphs over one function, walks on them, and what is known on a path
//   - code: small questions about SSA and types
//   - kb: what libraries do, in rows; directive: killcheck comments
//   - summary: what is known of a function without its body, the only fact
//   - signal: which channels, contexts, handles, flags and functions may be the
//     same, and the operations on them
//   - spawn: where goroutines start
//   - program: who runs what: goroutines, frames, syntax, and how long something
//     is meant to live
//   - callee: what a call runs, and whether code that was not read returns by custom
//   - event: what is a wait, what wakes it, who raises that, which stop signal is
//     in reach, and where a goroutine stays without heeding one
//   - dead: waits for what never comes
//   - lost: stops that do not reach whom they are for: a loop goes round again, a cancel
//     function is overwritten, or a goroutine has another context
//   - group: what is counted by a wait group, condition variable or lock, and whether
//     more is added than is taken away
//   - join: which goroutines have ended before what, since somebody waits for them
//   - count: how many sends and receives each path does, and how many come on a channel
//   - capacity: whether what is sent on a channel finds room, or is taken
//   - circle: waits that wait for each other, or for what was shut before
//   - lock: which locks are held, and which a call needs
//   - handle: what makes a handle, who closes it, kills it, or bounds it by a deadline,
//     and whether all that is done with it is seen
//   - owner: types that own goroutines: constructor, starter, ender, join
//   - notify: whether who waits for a group or condition variable is told
//   - raiser: who has to end a wait, a receive above all, and whether he may leave without
//   - peer: who takes what is sent, and whether he may leave first, or stay away
//   - held: what goes wrong while a lock is held: waits that only somebody ends who
//     needs it, locks taken twice or in opposite orders, returns that keep one
//   - standstill: runs of a function, with what they start, of which no way comes to
//     an end: a search over all orders, if the run keeps its channels to itself
//   - interrupt: calls and sleeps that no stop in reach ends, or only seems to
//   - wake: how sure it is that somebody ends a wait: closes, cancels, sends, takes, sets
//     a flag, or comes to his own end
//   - wait: the waits of each function, of what it calls and of each goroutine, and what
//     ends them; those of exported functions are told to other packages
//   - verdict: whether a goroutine ends by itself, by a stop or not at all
//   - fault: what is wrong with a wait that a verdict counts: it has no end, some way
//     leaves its end out, or it does not heed the stop that the code around it does
//   - leftopen: handles on whose close a wait depends, and the ways that leave it out
//   - explain: what is known of each wait and goroutine, in words
//   - model: all rooms of one package, of which all questions are asked
//
// A room imports only rooms above it in this list; dead, lost, group, lock, handle and
// owner stand side by side and do not import each other, nor do join and count, nor do
// capacity and circle, nor do notify and raiser, nor do peer, held, standstill and
// interrupt, nor do fault, leftopen and explain. The layering test of the command keeps
// these arrows.
//
// # Pipeline
//
// One run of [Analyzer] looks at one package:
//
//  1. Is there anything concurrent? The syntax is searched for go statements,
//     channels, and calls that start, stop or hold up a goroutine. Without any,
//     the run ends here. Most packages do, and no SSA is built for them.
//  2. SSA is built for this package only. Imported packages are known by their
//     types, and by the summaries of their functions.
//  3. Package signal builds its graph, package spawn finds where goroutines start,
//     and package program follows each goroutine through the calls it makes.
//  4. The rooms above answer when they are asked. A [model.Model] holds them,
//     and answers one question at a time.
//  5. The summaries of exported functions become facts for the packages that
//     import this one.
//
// A check asks the model, words what it finds and names the remedy. It looks at no
// instruction: what it would look for is a fact that a room tells. Package fix
// under passes makes text of that, with a folder for each family of fixes. Where
// two checks have something to say of one wait, passes.go says which of them goes
// first.
//
// # From a message to the line that decided it
//
// The word before the colon of a message is the check, and its folder under
// passes holds the question. The question names the fact that it asks for; the
// fact is a method of a room, and Go's own tools lead there.
//
// # Terms
//
// A spawn is where a goroutine starts, its body the function that it runs. A
// wait is a point where control can stay without bound: a blocking operation,
// or a loop without one. A wake is an event that ends a wait, such as a close of
// its channel. To raise a signal is to perform that event. A stop signal is one
// that somebody outside the goroutine can raise. A stay is a loop or wait in
// which a goroutine heeds no stop, a dead wait one whose wake never comes. A
// remedy says what would let the goroutine stop. A goroutine has process
// lifetime if it is meant to live as long as the program: main, init or a
// command starts it once, a sync.Once or a package-level variable lets it start
// only once, or a comment says so. The runtime's own goroutines have it all.
//
// # What is sure
//
// A fact that may be otherwise in ways that are not seen says so, and its finding
// is extended. Half a stop is such a fact where the wait stands in a callee that
// does not go round by itself: callers often keep a protocol, such as one job in
// flight. So is a receiver that leaves by a stop of its owner, if somebody can wait
// for the sender: the owner may do so first. Two orders of locks are sure only if
// one function starts, or runs, both. A loop without an exit is a fault in a library,
// and mostly meant in a program: where the root of the module is a package main, or folder
// cmd holds one, it is sure only if an object around the goroutine has a method to end it.
// So is it where the function that starts the goroutine once never returns itself. A send
// that its receiver leaves is not sure in what only commands of a command line lead to: the
// process ends soon after. A request that brings a channel with room for its answer is
// answered once, unless two sends follow each other. A send that is done only if plain
// values compare so, which is neither an error nor what was received, is not sure: what a
// default of a switch tells of need not come. Nor is a way that leaves out a close, a
// cancel or a Done where something is nil that mostly is there. In a test only what is so
// on all ways is told of: it is run, and passes on some way.
//
// A stop is one of this goroutine. A channel that is made where another goroutine starts
// which receives from it is that one's, and a context that is made anew for what goes on
// running, as after a drain, is none. What stands behind a call that does not come back is
// not done, and what only a nil argument leads to is not done for a caller who gives one.
//
// # What is known of other code
//
// Code that is not read is known in two ways. The knowledge base, package kb,
// holds rows for the standard library and some others. Facts, the summaries of
// package summary, tell what a function of another package does that matters to
// its callers: that it never returns, runs or spawns a parameter, or starts a
// goroutine. A call through an interface of the package is followed where one
// type alone implements it. All else is unknown. A value that reaches unknown
// code may be closed, sent to or cancelled there, and nothing is reported of it.
// So a finding rests on code that was read, or on a row, and code that was not
// read can only take findings away.
//
// # Invariants
//
//   - Nothing below this package makes a diagnostic or an edit.
//   - What is unknown is never reported.
//   - Names of libraries stand in the rows of the knowledge base and nowhere else.
//   - There is one fact per function, and one analyzer that owns it. It holds
//     booleans, strings, integers and slices of them, sorted: the same source
//     gives the same bytes, on which the build cache of go vet relies.
//   - A result does not depend on flags of the checks, on files other than the
//     source, or on the environment.
//   - A panic becomes [Result].Internal: it must not take the findings of other
//     packages with it.
//   - Flow and code know no library, and kb no syntax.
package analyzer
