// Package ignoredstop reports loops and waits that do not heed a stop signal
// in reach.
//
// # Analyzer ignoredstop
//
// ignoredstop: report loops and waits that ignore a stop signal in reach
//
// The goroutine has a context or a stop channel, as a parameter, a captured
// variable or a field, and a loop or wait without bound that never looks at
// it. To pass a context on to a logger is not to heed it.
//
// Leaks:
//
//	func start(ctx context.Context, probe func()) {
//		go poll(ctx, probe)
//	}
//
//	func poll(ctx context.Context, probe func()) {
//		for {
//			probe()
//			time.Sleep(time.Second)
//		}
//	}
//
// Stops:
//
//	func start(ctx context.Context, probe func()) {
//		go poll(ctx, probe)
//	}
//
//	func poll(ctx context.Context, probe func()) {
//		for {
//			probe()
//			select {
//			case <-time.After(time.Second):
//			case <-ctx.Done():
//				return
//			}
//		}
//	}
//
// Why it matters. The caller asks for a stop, and believes that it has been
// obeyed. The goroutine goes on, often with connections and files that the
// caller closes under it.
//
// A context in a signature is a promise: a function that is given one, or a
// request or stream that carries one, and that stays in a loop without an exit, an
// empty select or a loop that sleeps and tries again until the work succeeds is reported
// whoever starts it. Where the loop hands the context to
// code that was not read, as that behind an interface, this is extended. A loop of
// another package is known by its summary, and is reported at the go statement or call
// that leads there.
//
// A loop without an exit that a command starts once, and that nobody waits for,
// belongs to the extended tier: it may be meant to live as long as the process.
//
// Half a stop is none: a send, receive or select in a loop that heeds a stop in
// another of its waits is reported, callees included, whoever the partner is. It is
// not if there is room for all, if somebody takes all that comes until the channel is
// closed or until the goroutine has been waited for, if the package gives the channel
// to code that was not read, if the partner is a goroutine that the loop starts, or if
// each message brings the channel for its answer; nor if the goroutine has raised that
// stop itself on the way, or if what it sends is the one stop of the receiver.
// Extended are a wait of a callee that does not go round by itself, which may be a step
// of a protocol that its callers keep, and a send on a channel that is handed out and
// closed in the end.
//
// Not reported. A parameter without a name. A function that says that it lives as
// long as the process. A context of the function that starts the goroutine, if the
// goroutine does not use it and nobody waits for it: it may be meant to go on.
// A loop or wait that hands the signal to a function which is not known: it is
// taken to heed it. Waits with a bound. A wait whose other wakes are sure to
// come.
//
// Fix. A select on the signal: at the loop head, in a select that is there, or
// around the send, receive or sleep. It is safe if the return that it adds
// skips no unlock, close, join or the like, and has no answer to give to a
// caller; otherwise review.
package ignoredstop
