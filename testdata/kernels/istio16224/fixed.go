// Package istio16224 is a fixed form: the handler releases the lock before it
// reports, the report has room, and the monitor returns when it is stopped.
package istio16224

import "sync"

type event int

type handler func(event)

type monitor struct {
	handlers []handler
	eventCh  chan event
}

func (m *monitor) Run(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case e := <-m.eventCh:
			for _, h := range m.handlers {
				h(e)
			}
		}
	}
}

func (m *monitor) appendHandler(h handler) { m.handlers = append(m.handlers, h) }

func (m *monitor) schedule(e event, stop <-chan struct{}) {
	select {
	case m.eventCh <- e:
	case <-stop:
	}
}

// Run handles one event and stops the monitor.
func Run() {
	m := &monitor{eventCh: make(chan event)}
	done := make(chan bool, 1)
	seen := 0
	var lock sync.Mutex
	m.appendHandler(func(event) {
		lock.Lock()
		seen++
		lock.Unlock()
		done <- true
	})
	stop := make(chan struct{})
	go m.Run(stop)
	m.schedule(0, stop)
	lock.Lock()
	seen++
	lock.Unlock()
	<-done
	close(stop)
}
