// Package serving2137 is a fixed form: all requests are let go before any of
// them is waited for, so their order does not matter.
package serving2137

import "sync"

type token struct{}

type request struct {
	lock     *sync.Mutex
	accepted chan bool
}

type breaker struct {
	pending chan token
	active  chan token
}

func newBreaker(depth, concurrency int) *breaker {
	return &breaker{pending: make(chan token, depth+concurrency), active: make(chan token, concurrency)}
}

func (b *breaker) maybe(thunk func()) bool {
	select {
	case b.pending <- token{}:
	default:
		return false
	}
	b.active <- token{}
	defer func() {
		<-b.active
		<-b.pending
	}()
	thunk()
	return true
}

func (b *breaker) concurrentRequest() request {
	r := request{lock: &sync.Mutex{}, accepted: make(chan bool, 1)}
	r.lock.Lock()
	go func() {
		r.accepted <- b.maybe(func() {
			r.lock.Lock()
			defer r.lock.Unlock()
		})
	}()
	return r
}

func (b *breaker) concurrentRequests(n int) []request {
	requests := make([]request, n)
	for i := range requests {
		requests[i] = b.concurrentRequest()
	}
	return requests
}

func unlockAll(requests []request) {
	for _, r := range requests {
		r.lock.Unlock()
	}
	for _, r := range requests {
		r.accepted <- <-r.accepted
	}
}

// Run makes two requests to a breaker that lets one through at a time.
func Run() { unlockAll(newBreaker(1, 1).concurrentRequests(2)) }
