package unclosed

import "sync"

// A registry makes what it does not have yet, and keeps it.

type topic struct {
	quit chan struct{}
	name string
}

func newTopic(name string) *topic {
	t := &topic{quit: make(chan struct{}), name: name}
	go t.run()
	return t
}

func (t *topic) run() { <-t.quit }

func (t *topic) Close() { close(t.quit) }

type topics struct {
	mu  sync.Mutex
	all map[string]*topic
}

func (ts *topics) get(name string) *topic {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if t, ok := ts.all[name]; ok {
		return t
	}
	t := newTopic(name)
	ts.all[name] = t
	return t
}

func (ts *topics) add(name string) *topic {
	t := newTopic(name)
	ts.all[name] = t
	return t
}

func registryOk(ts *topics) string {
	ts.add("b")
	return ts.get("a").name
}

// It is made for the caller, who is to close it.
func freshTopic() *topic { return newTopic("fresh") }

func freshBad() string {
	t := freshTopic() // want "dropped"
	return t.name
}
