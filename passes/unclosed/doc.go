// Package unclosed reports values that are dropped while the goroutine they
// started runs on.
//
// # Analyzer unclosed
//
// unclosed: report values whose goroutine only their Close or Stop ends and that are dropped without it
//
// A constructor starts a goroutine, and only the Close, Stop or Shutdown
// method of the value ends it. The value is dropped, on some path or on all,
// and the method is not called. That a constructor does so is read in its source,
// or a row says so. A command with a context that is started and never waited for
// is such a value, too, and so is an object that a function makes and starts, and
// neither stops nor gives to anybody.
//
// Leaks:
//
//	type watcher struct{ quit chan struct{} }
//
//	func newWatcher() *watcher {
//		w := &watcher{quit: make(chan struct{})}
//		go func() { <-w.quit }()
//		return w
//	}
//
//	func (w *watcher) Close() { close(w.quit) }
//
//	func (w *watcher) check() error { return nil }
//
//	func once() error {
//		w := newWatcher()
//		return w.check()
//	}
//
// Stops:
//
//	type watcher struct{ quit chan struct{} }
//
//	func newWatcher() *watcher {
//		w := &watcher{quit: make(chan struct{})}
//		go func() { <-w.quit }()
//		return w
//	}
//
//	func (w *watcher) Close() { close(w.quit) }
//
//	func (w *watcher) check() error { return nil }
//
//	func once() error {
//		w := newWatcher()
//		defer w.Close()
//		return w.check()
//	}
//
// Why it matters. The type is well built and the leak is the caller's: one
// goroutine for each call.
//
// Not reported. A value that is stored, returned or handed to another
// function, because that one may close it.
//
// Fix. A deferred close where the value is made, if nothing else ends it;
// otherwise a close before the returns that drop it (review).
package unclosed
