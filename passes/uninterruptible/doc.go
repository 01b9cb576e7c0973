// Package uninterruptible reports calls that the stop signal cannot interrupt.
//
// # Analyzer uninterruptible
//
// uninterruptible: report blocking calls that the stop signal of their goroutine cannot interrupt
//
// The goroutine has a stop signal, and blocks in a call that does not look at
// it: a sleep, a dial, a query, a read from a handle that nobody closes.
//
// Leaks:
//
//	func watch(ctx context.Context, check func()) {
//		go func() {
//			for ctx.Err() == nil {
//				check()
//				time.Sleep(time.Hour)
//			}
//		}()
//	}
//
// Stops:
//
//	func watch(ctx context.Context, check func()) {
//		go func() {
//			for ctx.Err() == nil {
//				check()
//				select {
//				case <-time.After(time.Hour):
//				case <-ctx.Done():
//					return
//				}
//			}
//		}()
//	}
//
// Why it matters. The stop is asked for and heeded, but only when the call
// returns, which may take hours or for ever.
//
// A call in a function of another package of the module is reported where a goroutine
// gives that function its context. A request or a command that is given a context which
// never ends, though one that ends is in reach, is extended: it may be meant so.
//
// Where the stop is a flag, a sleep of a minute or more between two looks at it is
// reported. A function that is given a context and accepts on a listener of its own,
// which nobody closes, is reported whoever starts it. So is one that is given a context
// and sleeps between the rounds of a loop that does not look at it.
//
// Not reported. Reads and writes of regular files, which end by themselves; the
// open of a FIFO is reported where the package makes it. Waits for a WaitGroup,
// which ends with its goroutines. Calls that a deadline bounds, or that somebody interrupts by a
// close, if only at the other end of a pipe. Short sleeps. Lookups of literal
// addresses, and dials to them that need no handshake; what reads an address, unless that
// is a name which is written there. Calls on handles whose kind is not known. Calls in
// tests, which are the other end themselves. Reads from a handle in a goroutine that
// looks at no stop signal at all belong to the extended tier.
//
// Fix. The form of the call that takes a context, or a select in place of the
// sleep (safe if nothing changes until the stop, and the return that it adds
// skips no unlock, close or join; otherwise review). For a call on a handle: a
// context.AfterFunc that closes the handle, or sets a deadline that has passed if
// somebody else closes it later; for a stop channel a goroutine that does so and
// ends with the function (review). Where nothing ends the call, the function
// around it moves to a child process by package promote, if all that it takes and
// returns can be sent there (review).
package uninterruptible
