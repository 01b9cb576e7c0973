// Package kubernetes6632 is a fixed form: before it takes the lock, the monitor
// starts to drain the channel that a writer under the lock may be sending to.
package kubernetes6632

import "sync"

type connection struct{ closeChan chan bool }

type framer struct {
	resetChan chan bool
	writeLock sync.Mutex
	conn      *connection
}

func newFramer() *framer {
	return &framer{resetChan: make(chan bool), conn: &connection{closeChan: make(chan bool)}}
}

func (i *framer) monitor() {
	resetChan := i.resetChan
	for {
		select {
		case <-resetChan:
		case <-i.conn.closeChan:
			go func() {
				for range resetChan {
				}
			}()
			i.writeLock.Lock()
			close(resetChan)
			i.resetChan = nil
			i.writeLock.Unlock()
			return
		}
	}
}

func (i *framer) writeFrame() {
	i.writeLock.Lock()
	defer i.writeLock.Unlock()
	if i.resetChan == nil {
		return
	}
	i.resetChan <- true
}

// Run writes a frame while the connection closes.
func Run() {
	i := newFramer()
	started := make(chan struct{})
	go func() {
		close(started)
		i.monitor()
	}()
	<-started
	go func() { i.conn.closeChan <- true }()
	go i.writeFrame()
}
