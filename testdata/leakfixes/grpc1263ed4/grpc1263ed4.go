// Package grpc1263ed4 is after grpc-go 1263ed4d2ef4: a channel for the answer
// travels to the transport's writer inside a request, and the asker gives up
// after a second.
package grpc1263ed4

import "time"

type outFlowBad struct{ reply chan uint32 }

type outFlowOk struct{ reply chan uint32 }

type transportBad struct {
	requests chan *outFlowBad
	done     chan struct{}
	window   uint32
}

func (t *transportBad) start() { go t.writer() }

func (t *transportBad) writer() {
	for {
		select {
		case r := <-t.requests:
			r.reply <- t.window
		case <-t.done:
			return
		}
	}
}

func (t *transportBad) outFlow() int64 {
	r := &outFlowBad{reply: make(chan uint32)}
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	select {
	case t.requests <- r:
	case <-timer.C:
		return -1
	}
	select {
	case n := <-r.reply:
		return int64(n)
	case <-t.done:
		return -1
	case <-timer.C:
		return -2
	}
}

func (t *transportBad) Close() { close(t.done) }

type transportOk struct {
	requests chan *outFlowOk
	done     chan struct{}
	window   uint32
}

func (t *transportOk) start() { go t.writer() }

func (t *transportOk) writer() {
	for {
		select {
		case r := <-t.requests:
			r.reply <- t.window
		case <-t.done:
			return
		}
	}
}

func (t *transportOk) outFlow() int64 {
	r := &outFlowOk{reply: make(chan uint32, 1)}
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	select {
	case t.requests <- r:
	case <-timer.C:
		return -1
	}
	select {
	case n := <-r.reply:
		return int64(n)
	case <-t.done:
		return -1
	case <-timer.C:
		return -2
	}
}

func (t *transportOk) Close() { close(t.done) }

// Ask asks a transport of each kind.
func Ask() int64 {
	bad := &transportBad{requests: make(chan *outFlowBad), done: make(chan struct{})}
	bad.start()
	defer bad.Close()
	ok := &transportOk{requests: make(chan *outFlowOk), done: make(chan struct{})}
	ok.start()
	defer ok.Close()
	return bad.outFlow() + ok.outFlow()
}
