package uninterruptible

import "time"

type keeper struct {
	stop chan struct{}
	done chan struct{}
}

func (k *keeper) lock() {
	k.stop = make(chan struct{})
	k.done = make(chan struct{})
	go k.keepAlive()
}

func (k *keeper) keepAlive() {
	defer close(k.done)
	for {
		select {
		case <-k.stop:
			return
		case <-time.After(time.Second):
		}
	}
}

// The stop is made for one goroutine, and is not that of another who comes by.
func (k *keeper) cutOver() { time.Sleep(time.Minute) }

func (k *keeper) Close() {
	close(k.stop)
	<-k.done
}

type mover struct{ k *keeper }

func (m *mover) Move() {
	m.k.lock()
	go func() { m.k.cutOver() }()
}

type lasting struct{ stop chan struct{} }

func newLasting() *lasting { return &lasting{make(chan struct{})} }

func (l *lasting) run() {
	for {
		select {
		case <-l.stop:
			return
		case <-time.After(time.Second):
		}
	}
}

// The stop is made with the object.
func (l *lasting) cutOverBad() {
	time.Sleep(time.Minute) // want `l.stop does not end time.Sleep`
}

func (l *lasting) Close() { close(l.stop) }

type lastingMover struct{ l *lasting }

func (m *lastingMover) Move() {
	go m.l.run()
	go func() { m.l.cutOverBad() }()
}

var _ = newLasting
