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
// Why it matters. Every object that starts such a goroutine leaves it behind,
// with all that the goroutine refers to. Memory grows with each one, tests
// disturb each other, and a shutdown cannot wait for work to end.
//
// Not reported. Goroutines that live as long as the process: those started by
// main, init, a package-level constructor or sync.Once, signal handlers, and
// those documented by a comment or by //killcheck:lifetime process -- reason.
// Loops that an event in the data ends, such as an error of the work.
//
// Fix. None yet, since no stop signal is in reach: give the object a stop
// channel or the function a context, and let the loop heed it. Where a signal
// is in reach the loop belongs to the check ignoredstop, which has a fix.
package endless
