package unreleased

import (
	"errors"
	"log"
)

// Who takes a request leaves one without an answer.
type ask struct {
	key   string
	write bool
	reply chan int
}

type table struct {
	asks chan ask
	rows map[string]int
}

func newTable() *table {
	t := &table{asks: make(chan ask), rows: make(map[string]int)}
	go t.serve()
	return t
}

func (t *table) serve() {
	for a := range t.asks {
		n, ok := t.rows[a.key]
		if !ok {
			log.Print("no row")
			continue
		}
		a.reply <- n
	}
}

func (t *table) getBad(key string) int {
	reply := make(chan int)
	t.asks <- ask{key: key, reply: reply}
	return <-reply // want `can wait for ever: who takes the request can go on to the next one without an answer on reply`
}

func (t *table) close() { close(t.asks) }

func Table() int {
	t := newTable()
	defer t.close()
	return t.getBad("a")
}

// In a callee, which is given the request, beside a stop.
type desk struct {
	asks chan *ask
	quit chan struct{}
	rows map[string]int
}

func (d *desk) serve() {
	for {
		select {
		case a := <-d.asks:
			d.answer(a)
		case <-d.quit:
			return
		}
	}
}

func (d *desk) answer(a *ask) {
	if d.rows[a.key] < 0 {
		return
	}
	a.reply <- d.rows[a.key]
}

func (d *desk) getBad(key string) (int, error) {
	a := &ask{key: key, reply: make(chan int, 1)}
	select {
	case d.asks <- a:
	case <-d.quit:
		return 0, errors.New("closed")
	}
	return <-a.reply, nil // want `can wait for ever: who takes the request can go on to the next one without an answer on a.reply`
}

func Desk(stop chan struct{}) (int, error) {
	d := &desk{asks: make(chan *ask), quit: make(chan struct{}), rows: make(map[string]int)}
	go d.serve()
	defer close(d.quit)
	return d.getBad("a")
}

// One kind of request gets no answer, and who makes one waits for it.
type order struct {
	op    int
	reply chan int
}

type shop struct {
	orders chan order
	sum    int
}

func (s *shop) serve() {
	for o := range s.orders {
		switch o.op {
		case 0:
			o.reply <- s.sum
		case 1:
			s.sum++
		}
	}
}

func (s *shop) orderBad(op int) int {
	o := order{op: op, reply: make(chan int)}
	s.orders <- o
	return <-o.reply // want `can wait for ever: who takes the request`
}

func Shop(op int) int {
	s := &shop{orders: make(chan order)}
	go s.serve()
	defer close(s.orders)
	return s.orderBad(op)
}

// Every way answers, or the request is kept for later.
type bank struct {
	asks chan ask
	rows map[string]int
	late []ask
}

func (b *bank) serve() {
	for a := range b.asks {
		if a.write {
			b.rows[a.key]++
			continue
		}
		n, ok := b.rows[a.key]
		if !ok {
			b.late = append(b.late, a)
			continue
		}
		if n < 0 {
			b.refuse(a)
			continue
		}
		a.reply <- n
	}
}

func (b *bank) refuse(a ask) { a.reply <- -1 }

func (b *bank) getOk(key string) int {
	a := ask{key: key, reply: make(chan int)}
	b.asks <- a
	return <-a.reply
}

func (b *bank) putOk(key string) { b.asks <- ask{key: key, write: true} }

func Bank() int {
	b := &bank{asks: make(chan ask), rows: make(map[string]int)}
	go b.serve()
	defer close(b.asks)
	b.putOk("a")
	return b.getOk("a")
}

// What a callee says decides about the answer, or whether one is wanted.
type mill struct {
	asks chan ask
	rows map[string]int
}

func (m *mill) serve() {
	for a := range m.asks {
		done := m.grind(a)
		if !done && a.reply != nil {
			a.reply <- 0
		}
	}
}

func (m *mill) grind(a ask) bool {
	if n, ok := m.rows[a.key]; ok && a.reply != nil {
		a.reply <- n
		return true
	}
	return false
}

func (m *mill) getOk(key string) int {
	a := ask{key: key, reply: make(chan int)}
	m.asks <- a
	return <-a.reply
}

func (m *mill) waterOk() { m.asks <- ask{key: "water"} }

func Mill() int {
	m := &mill{asks: make(chan ask), rows: make(map[string]int)}
	go m.serve()
	defer close(m.asks)
	m.waterOk()
	return m.getOk("a")
}
