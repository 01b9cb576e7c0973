// Package unreleased reports waits for a signal that nothing raises.
//
// # Analyzer unreleased
//
// unreleased: report waits for a signal that nothing ever raises
//
// The goroutine waits for a channel that nobody closes or sends to, a
// condition that nobody signals, a group that is never done, a context that
// cannot be cancelled, a nil channel, or a second value of a timer that brings one.
// A function waits so if it ranges over a channel that nobody closes, while all
// who send on it are goroutines of its own that send so many values and return. So it does if the one goroutine that
// should answer can return without an answer, if the function that makes a context,
// channel or flag can return without the cancel, close, send or store, which nobody else
// does, or if more is added to a group on some way than is ever done, or if the function
// that alone calls Done, which is given away and called once, can return without. The function
// may do so by a constructor and by methods of an object that it keeps to itself. The same holds if all that would end the wait comes only after
// another one that waits for this one, or if the goroutine that should answer is
// started by a method that may have returned without doing so; and for the answer to a
// request, if who takes the requests can go on to the next one without. A wait in another
// package is known by the summary of what is called there, and is reported at the go
// statement or call that gives it what nobody raises.
//
// A goroutine also waits so at what was shut when it started: a lock that its starter
// holds, a group that it has counted up, a channel that it has filled; if nobody opens
// that, or the starter can return without, or opens it only after a wait for the
// goroutine.
//
// And so it is where one run of a function makes all that its goroutines and itself work
// on, and no way of theirs comes to an end: whatever they do they wait for each other at
// last, or do so once the function has gone one way, by a timeout or what it was given.
//
// So does a goroutine that accepts on a listener, serves, or reads an end of a pipe
// until it is closed, where every use of that is seen and the function which makes it
// never closes it, or can return without the close. A close by context.AfterFunc comes
// only if its context ends, and not after its undo.
//
// Leaks:
//
//	func process(jobs []int, work func(int)) {
//		queue := make(chan int)
//		go func() {
//			for job := range queue {
//				work(job)
//			}
//		}()
//		for _, job := range jobs {
//			queue <- job
//		}
//	}
//
// Stops:
//
//	func process(jobs []int, work func(int)) {
//		queue := make(chan int)
//		go func() {
//			for job := range queue {
//				work(job)
//			}
//		}()
//		defer close(queue)
//		for _, job := range jobs {
//			queue <- job
//		}
//	}
//
// Why it matters. The code looks right: it has a stop signal and heeds it. But
// nobody gives the signal, or one path forgets to.
//
// Not reported. A signal that code out of sight could raise: an exported
// field, a channel handed to an unknown function or stored where others find
// it. A context that has a deadline or a parent that may end. A group that
// is counted down elsewhere than in the goroutines that the function starts. An
// Add before a return of an error, if the function is called but once and nobody
// may wait after that, is extended. A way that ends the goroutine or the process. A
// Done in a function that is handed out as a promise. What needs a part that this
// build leaves out. In a test, an answer that only a failure keeps back. A connection
// whose other side is out of sight, or a wait that a deadline ends. A listener or server
// that nobody closes at all is extended: it may be meant to be there as long as the
// process. So is what is left out on a way that is taken only where something is nil: what
// is there elsewhere mostly is there here as well.
//
// Fix. Where it is evident who should do it: a close of the channel when its only
// sender has ended, a call of the cancel function or a store to the flag in the
// method that ends the object, a Broadcast where the condition changes, a Done
// when the goroutine ends, the context of the caller in place of a new one
// (review). The close is safe if all that hear of it are loops that end their
// goroutines, the cancel in Close if goroutines alone use the context, and the
// Broadcast in Close if every Wait looks at its condition again.
package unreleased
