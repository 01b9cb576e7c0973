// Package cockroach35073 is a fixed form: a push ends when the consumer closes.
package cockroach35073

import (
	"sync"
	"sync/atomic"
)

const bufSize = 16

type status uint32

const (
	needMoreRows status = iota
	consumerClosed
)

type rowChannel struct {
	status uint32
	data   chan int
	closed chan struct{}
	once   sync.Once
}

func newRowChannel() *rowChannel {
	return &rowChannel{data: make(chan int, bufSize), closed: make(chan struct{})}
}

func (rc *rowChannel) consumerClosed() {
	atomic.StoreUint32(&rc.status, uint32(consumerClosed))
	rc.once.Do(func() { close(rc.closed) })
}

func (rc *rowChannel) push() status {
	st := status(atomic.LoadUint32(&rc.status))
	if st == needMoreRows {
		select {
		case rc.data <- 0:
		case <-rc.closed:
		}
	}
	return st
}

type outbox struct{ *rowChannel }

func (m *outbox) start(wg *sync.WaitGroup) {
	wg.Add(1)
	go m.run(wg)
}

func (m *outbox) run(wg *sync.WaitGroup) {
	defer wg.Done()
	m.consumerClosed()
}

// Run fills the channel, pushes once more and closes the consumer.
func Run() {
	m := &outbox{newRowChannel()}
	for i := 0; i < bufSize; i++ {
		m.push()
	}
	var pusher, wg sync.WaitGroup
	pusher.Add(1)
	go func() {
		defer pusher.Done()
		m.push()
	}()
	m.start(&wg)
	wg.Wait()
	m.push()
	pusher.Wait()
}
