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
//	type poller struct {
//		log  *os.File
//		quit chan struct{}
//	}
//
//	func newPoller(log *os.File) *poller {
//		p := &poller{log: log, quit: make(chan struct{})}
//		go p.run()
//		return p
//	}
//
//	func (p *poller) run() {
//		for {
//			select {
//			case <-time.After(time.Second):
//				fmt.Fprintln(p.log, "alive")
//			case <-p.quit:
//				return
//			}
//		}
//	}
//
//	func (p *poller) Close() error {
//		close(p.quit)
//		return p.log.Close()
//	}
//
// Stops:
//
//	type poller struct {
//		log        *os.File
//		quit, done chan struct{}
//	}
//
//	func newPoller(log *os.File) *poller {
//		p := &poller{log: log, quit: make(chan struct{}), done: make(chan struct{})}
//		go p.run()
//		return p
//	}
//
//	func (p *poller) run() {
//		defer close(p.done)
//		for {
//			select {
//			case <-time.After(time.Second):
//				fmt.Fprintln(p.log, "alive")
//			case <-p.quit:
//				return
//			}
//		}
//	}
//
//	func (p *poller) Close() error {
//		close(p.quit)
//		<-p.done
//		return p.log.Close()
//	}
//
// Why it matters. The owner closes the file or the database, and the last
// round of the loop still uses it. Tests end while their goroutines log.
//
// Not reported. Types whose stop waits in any way: a channel, a WaitGroup, an
// errgroup. Goroutines that touch nothing of the owner.
//
// Fix. A WaitGroup in the type, which counts its goroutines and which Stop waits
// for (review). There is no fix where the goroutine may be in a call that the
// stop does not end or of which nothing shows that it does, or where Stop holds a lock
// that the goroutine needs.
package unjoined
