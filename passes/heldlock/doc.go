// Package heldlock reports waits under a lock that the other side needs.
//
// # Analyzer heldlock
//
// heldlock: report waits under a lock that whoever would end the wait must take first
//
// A goroutine sends, receives or waits while it holds a mutex, and the code
// that would end the wait takes the same mutex before it does so. Neither can
// go on. The same comes of two mutexes that two goroutines take in opposite
// orders, and of one that is taken twice, by a defer statement among others, or
// that a return or a round of a loop keeps. A sync.Once that asks for itself while
// it runs waits like that, too.
//
// Leaks:
//
//	type hub struct {
//		mu     sync.Mutex
//		events chan int
//	}
//
//	func newHub() *hub {
//		h := &hub{events: make(chan int)}
//		go h.publish(1)
//		go h.consume()
//		return h
//	}
//
//	func (h *hub) publish(v int) {
//		h.mu.Lock()
//		defer h.mu.Unlock()
//		h.events <- v
//	}
//
//	func (h *hub) consume() {
//		h.mu.Lock()
//		defer h.mu.Unlock()
//		<-h.events
//	}
//
// Stops:
//
//	type hub struct {
//		mu     sync.Mutex
//		last   int
//		events chan int
//	}
//
//	func newHub() *hub {
//		h := &hub{events: make(chan int)}
//		go h.publish(1)
//		go h.consume()
//		return h
//	}
//
//	func (h *hub) publish(v int) {
//		h.mu.Lock()
//		h.last = v
//		h.mu.Unlock()
//		h.events <- v
//	}
//
//	func (h *hub) consume() {
//		<-h.events
//		h.mu.Lock()
//		defer h.mu.Unlock()
//		h.last = 0
//	}
//
// Why it matters. Both goroutines are stuck, and so is everybody else who
// needs the lock. No stop signal reaches a goroutine that waits for a mutex.
//
// Not reported. A lock around a wait that can end without the lock. A mutex
// whose identity is not certain. Two orders of which a third mutex lets in one at
// a time, or that only one goroutine takes one after the other. A lock that nothing
// in the package gives back, if code out of sight could. A Once that is asked for
// again only if something says so that may know that it runs. A lock whose unlock
// is handed to somebody else, or its condition variable. A channel that a waiter makes
// for one answer. A group whose members count themselves and are done under the lock.
//
// Fix. The lock is given back before the wait and, if code under the lock
// follows, taken again after it; or it is taken after the wait only (review).
// There is no fix where what follows rests on what was read before the wait, or
// where the lock keeps the channel from being closed during a send. A lock that a
// return leaves held is given back before it (review). A function that takes the lock
// first is parted from its work, which those call who hold the lock (review).
package heldlock
