package twice

import "sync"

type client struct {
	mu  sync.Mutex
	key *int
	id  string
}

func (c *client) registerOk() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.post(c.key)
}

func (c *client) post(key *int) { c.send(key) }

// Who has a key gives it, and holds the lock.
func (c *client) send(key *int) {
	if key == nil {
		key = c.key
		c.account()
	}
	println(*key)
}

func (c *client) account() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.id
}

func (c *client) Fetch() { c.post(nil) }

type agent struct {
	mu  sync.Mutex
	key *int
	id  string
}

func (a *agent) renew() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.post(nil)
}

func (a *agent) post(key *int) { a.send(key) }

func (a *agent) send(key *int) {
	if key == nil {
		key = a.key
		a.accountBad()
	}
	println(*key)
}

func (a *agent) accountBad() string {
	a.mu.Lock() // want "waits for itself: it holds a.mu already"
	defer a.mu.Unlock()
	return a.id
}

func UseSigners(c *client, a *agent) {
	c.registerOk()
	c.Fetch()
	a.renew()
}
