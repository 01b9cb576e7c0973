// Package etcd6857 is a fixed form: Status does not wait for a node that is done.
package etcd6857

type status struct{}

type node struct {
	status chan chan status
	stop   chan struct{}
	done   chan struct{}
}

func newNode() *node {
	return &node{status: make(chan chan status), stop: make(chan struct{}), done: make(chan struct{})}
}

func (n *node) Status() status {
	c := make(chan status)
	select {
	case n.status <- c:
		return <-c
	case <-n.done:
		return status{}
	}
}

func (n *node) run() {
	for {
		select {
		case c := <-n.status:
			c <- status{}
		case <-n.stop:
			close(n.done)
			return
		}
	}
}

func (n *node) Stop() {
	select {
	case n.stop <- struct{}{}:
	case <-n.done:
		return
	}
	<-n.done
}

// Run asks a node for its status while it is stopped.
func Run() {
	n := newNode()
	go n.run()
	go n.Status()
	go n.Stop()
}
