// Package unjoined reports goroutines that are told to stop and that nobody
// can wait for.
//
// # Analyzer unjoined
//
// unjoined: report goroutines that are told to stop and that nobody can wait for
//
// A Stop or Close method signals the goroutine and returns. Nobody can know
// when the goroutine has ended.
//
// Leaks:
//
//	type poller struct{ quit chan struct{} }
//
//	func newPoller(probe func()) *poller {
//		p := &poller{quit: make(chan struct{})}
//		go p.run(probe)
//		return p
//	}
//
//	func (p *poller) run(probe func()) {
//		for {
//			select {
//			case <-time.After(time.Second):
//				probe()
//			case <-p.quit:
//				return
//			}
//		}
//	}
//
//	func (p *poller) Stop() { close(p.quit) }
//
// Stops:
//
//	type poller struct{ quit, done chan struct{} }
//
//	func newPoller(probe func()) *poller {
//		p := &poller{quit: make(chan struct{}), done: make(chan struct{})}
//		go p.run(probe)
//		return p
//	}
//
//	func (p *poller) run(probe func()) {
//		defer close(p.done)
//		for {
//			select {
//			case <-time.After(time.Second):
//				probe()
//			case <-p.quit:
//				return
//			}
//		}
//	}
//
//	func (p *poller) Stop() {
//		close(p.quit)
//		<-p.done
//	}
//
// Why it matters. After Stop the caller closes the database, and the last
// round of the loop still uses it. Tests end while their goroutines log.
//
// Not reported. Types whose stop waits in any way: a channel, a WaitGroup, an
// errgroup. Goroutines that touch nothing of the owner.
//
// Fix. A WaitGroup in the type, which counts its goroutines and which Stop waits
// for (review). There is no fix where the goroutine may be in a call that the
// stop does not end, or where Stop holds a lock that the goroutine needs.
package unjoined
