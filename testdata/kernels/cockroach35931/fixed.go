// Package cockroach35931 is a fixed form: a cancelled receiver with a full
// channel is not sent to.
package cockroach35931

import "sync"

type rowReceiver interface{ push() }

type inboundStream struct{ receiver rowReceiver }

type rowChannel struct{ data chan struct{} }

func newRowChannel(size int) *rowChannel {
	return &rowChannel{data: make(chan struct{}, size)}
}

func (rc *rowChannel) push() {
	select {
	case rc.data <- struct{}{}:
	default: // the receiver has something to read as it is
	}
}

type flowEntry struct {
	flow    *flow
	inbound map[int]*inboundStream
}

type flowRegistry struct {
	sync.Mutex
	flows map[int]*flowEntry
}

func (fr *flowRegistry) cancelPendingLocked(id int) []rowReceiver {
	var pending []rowReceiver
	for _, s := range fr.flows[id].inbound {
		pending = append(pending, s.receiver)
	}
	return pending
}

type flow struct {
	id       int
	registry *flowRegistry
}

func (f *flow) cancel() {
	f.registry.Lock()
	pending := f.registry.cancelPendingLocked(f.id)
	f.registry.Unlock()
	for _, r := range pending {
		r.push()
	}
}

func (fr *flowRegistry) register(f *flow, inbound map[int]*inboundStream) {
	fr.Lock()
	defer fr.Unlock()
	fr.flows[f.id] = &flowEntry{flow: f, inbound: inbound}
}

// Run cancels a flow one of whose channels is full.
func Run() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		fr := &flowRegistry{flows: map[int]*flowEntry{}}
		left, right := newRowChannel(1), newRowChannel(1)
		left.push()
		f := &flow{registry: fr}
		fr.register(f, map[int]*inboundStream{0: {left}, 1: {right}})
		f.cancel()
	}()
	<-done
}
