// Package endless reports loops and waits that no stop can end.
//
// # Analyzer endless
//
// endless: report goroutines whose loop or wait nothing can end
//
// A loop without an exit, an empty select or a wait whose wake leads nowhere
// keeps its goroutine until the process ends. The check reports it when the
// goroutine is not meant to live that long.
//
// Leaks:
//
//	type cache struct{ entries map[string]int }
//
//	func newCache() *cache {
//		c := &cache{entries: make(map[string]int)}
//		go c.sweep()
//		return c
//	}
//
//	func (c *cache) sweep() {
//		t := time.NewTicker(time.Minute)
//		for range t.C {
//			clear(c.entries)
//		}
//	}
//
//	func (c *cache) Close() { c.entries = nil }
//
// Stops:
//
//	type cache struct {
//		entries map[string]int
//		quit    chan struct{}
//	}
//
//	func newCache() *cache {
//		c := &cache{entries: make(map[string]int), quit: make(chan struct{})}
//		go c.sweep()
//		return c
//	}
//
//	func (c *cache) sweep() {
//		t := time.NewTicker(time.Minute)
//		defer t.Stop()
//		for {
//			select {
//			case <-t.C:
//				clear(c.entries)
//			case <-c.quit:
//				return
//			}
//		}
//	}
//
//	func (c *cache) Close() { close(c.quit) }
//
// In a module whose root is a program, a goroutine is expected to live as long as that,
// unless an object around it has a method to end it: all else is extended there. A module
// is a program too if folder cmd holds one.
//
// Why it matters. Every object that starts such a goroutine leaves it behind,
// with all that the goroutine refers to. Memory grows with each one, tests
// disturb each other, and a shutdown cannot wait for work to end.
//
// A loop of another package is known by its summary, and is reported at the go
// statement or call that leads there.
//
// Not reported. Goroutines that live as long as the process: those started by
// main, init, a package-level constructor, sync.Once or a package-level variable
// that says that it runs, signal handlers, and those documented by a comment or
// by //killcheck:lifetime process -- reason. Loops that an event in the data
// ends, such as an error of the work. Examples without output, which never run.
//
// Fix. Mostly for review: a stop signal. Where the goroutine belongs to an object, its
// type gets a Stop that closes a channel and waits until the goroutine has
// returned, or the Close, Stop or Shutdown that it has is completed; every wait
// of the goroutine gives way to that channel. A type that nobody outside of the package
// knows gets no new method, which nobody would call. Any other goroutine gets a
// context, which the unexported functions above it hand down; an exported one
// is kept and gets a variant with the context beside it. Stop does not wait
// where that could last for ever: under a lock that the goroutine takes, or
// where the goroutine itself calls it, or where an existing method would wait for
// code that is not seen. To complete the Close of a type that only the package
// knows is safe if every object has the channel from the start. Where a signal is
// in reach the loop belongs to the check ignoredstop, which has a safe fix.
package endless
