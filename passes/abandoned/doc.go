// Package abandoned reports sends and receives whose partner can leave first.
//
// # Analyzer abandoned
//
// abandoned: report sends and receives whose partners can all leave first
//
// A send on a channel without room waits for a receive. If the only receiver
// may return first, after a timeout or an error, the sender waits for ever.
// The same holds for a receive whose only sender may leave, for a receiver that
// leaves its loop because of a value while the sender goes on to its own end, and
// for a receive that comes only after a wait for the sender. A Stop method, or a
// deferred call, that sends to a loop waits for ever if the loop has returned on an
// error or was ended in another way. The ends of a pipe, which has no room, wait for
// each other in the same way; so does a write that is one more than there are reads,
// where both ends are in sight and nobody closes that of the reader. The last is a send
// that stays whatever way a function and the goroutines of its run take, or once the
// function has gone one way, where they alone work on what it has made.
//
// Leaks:
//
//	func fetch(ctx context.Context, get func() int) (int, error) {
//		result := make(chan int)
//		go func() {
//			result <- get()
//		}()
//		select {
//		case v := <-result:
//			return v, nil
//		case <-ctx.Done():
//			return 0, ctx.Err()
//		}
//	}
//
// Stops:
//
//	func fetch(ctx context.Context, get func() int) (int, error) {
//		result := make(chan int, 1)
//		go func() {
//			result <- get()
//		}()
//		select {
//		case v := <-result:
//			return v, nil
//		case <-ctx.Done():
//			return 0, ctx.Err()
//		}
//	}
//
// Why it matters. Each call that times out leaves a goroutine behind, with the
// result that nobody wants. This is the most frequent goroutine leak that
// projects have fixed.
//
// Not reported. A channel with room for all its sends. A receiver that also receives
// on the way out, or drains the channel. As many receives as sends on each path, where
// a flag or an error says which sends were done, a select takes one of several
// channels, a channel that is nil meanwhile keeps the next sender from being started,
// or each element has a channel of its own. A receiver that leaves by a stop which is
// raised only when the sender has been waited for, or a group that counts what is sent.
// A channel that somebody else closes in the end: a late send panics there. Two loops
// that hand each other requests and answers through channels with room. What a test that
// has failed leaves behind. A last value that sender and
// receiver may have agreed on. A channel that code out of sight may receive from. A
// way that needs the value it did not receive, and panics without it. A receiver that
// a test has in place of the program's own: if there is no other, that is extended.
// So is a send that only a comparison of plain values leads to, such as a default of a
// switch: whether that can come, together with all else, is not known. The same holds for
// what a command starts once, which ends when nobody waits any more, and a sender that
// somebody can wait for, if its receiver leaves by a stop that is no context: who raises it
// may have waited, unseen.
//
// Fix. Room in the channel for every send (safe when the sends are counted; none where
// one channel serves all rounds of a loop), otherwise a select with a channel that the
// function closes as it returns, where nobody else receives, or with the stop signal, if
// the receiver leaves by the same (both safe if the return that it adds skips no unlock,
// close, join or the like, and has no answer to give to a caller; otherwise review).
package abandoned
