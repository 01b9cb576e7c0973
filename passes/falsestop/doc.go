// Package falsestop reports stops that do not work.
//
// # Analyzer falsestop
//
// falsestop: report code that looks like a stop and does not work
//
// A break that leaves only the select, a Stop of the ticker whose channel is
// ranged over, a case that sets a variable which nobody reads: the author
// meant to stop the goroutine, and it goes on. So does what watches the context of
// a command whose Process is waited for in place of the command.
//
// Leaks:
//
//	func consume(jobs <-chan int, quit <-chan struct{}, work func(int)) {
//		go func() {
//			for {
//				select {
//				case job := <-jobs:
//					work(job)
//				case <-quit:
//					break
//				}
//			}
//		}()
//	}
//
// Stops:
//
//	func consume(jobs <-chan int, quit <-chan struct{}, work func(int)) {
//		go func() {
//			for {
//				select {
//				case job := <-jobs:
//					work(job)
//				case <-quit:
//					return
//				}
//			}
//		}()
//	}
//
// Why it matters. The code reads as if the stop were dealt with, so nobody
// looks again. After the stop a closed channel is ready all the time, and the
// loop spins.
//
// A receive that is to drain a stopped timer is reported if the value may have been
// received before and the timer was not set again: then nothing comes any more, in
// all versions of Go.
//
// Not reported. A break out of a select that is followed by a test which
// leaves the loop. A Stop under a lock that the receive from the timer holds, too,
// or one with which main ends. An end of what each round takes anew, such as that of
// one batch of several. A deadline that is taken away, and one on a file that is put
// back in non-blocking mode.
//
// Fix. A return in the case for the stop, or a labelled break if something
// follows the loop; a return on the error that says that the handle was closed
// (safe where nothing else changes, otherwise review). A Close when the context
// ends, which the context of the maker does not do, and a WaitDelay of 5 seconds
// for a command (review).
package falsestop
