// Package syncthing5795 is a fixed form: a callback of the dispatcher closes
// the connection in another goroutine, because Close waits for the dispatcher.
package syncthing5795

import "sync"

type message interface{}

type clusterConfig struct{}

type model interface{ clusterConfig(message) }

type testModel struct{ ccFn func() }

func (t *testModel) clusterConfig(message) {
	if t.ccFn != nil {
		t.ccFn()
	}
}

type rawConnection struct {
	receiver model
	inbox    chan message
	stopped  chan struct{}
	closed   chan struct{}
	once     sync.Once
}

func (c *rawConnection) start() { go c.dispatcherLoop() }

func (c *rawConnection) dispatcherLoop() {
	defer close(c.stopped)
	for {
		select {
		case msg := <-c.inbox:
			if _, ok := msg.(*clusterConfig); !ok {
				return
			}
			c.receiver.clusterConfig(msg)
		case <-c.closed:
			return
		}
	}
}

func (c *rawConnection) Close() {
	c.once.Do(func() {
		close(c.closed)
		<-c.stopped
	})
}

// Run closes a connection from one of its callbacks.
func Run() {
	m := &testModel{}
	c := &rawConnection{
		receiver: m,
		inbox:    make(chan message),
		stopped:  make(chan struct{}),
		closed:   make(chan struct{}),
	}
	m.ccFn = func() { go c.Close() }
	c.start()
	c.inbox <- &clusterConfig{}
	<-c.stopped
}
