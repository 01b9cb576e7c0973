// Package fedback has senders of which there is the next one only if the last one did
// not send: it starts when something arrives that the last one asked for.
package fedback

type conn struct {
	in   chan []byte
	errs chan error
	stop chan struct{}
	read func() ([]byte, error)
}

func (c *conn) next() {
	b, err := c.read()
	if err != nil {
		close(c.in)
		return
	}
	c.in <- b
}

func (c *conn) frameBad(b []byte) {
	if len(b) == 0 {
		c.errs <- nil // want "can return with sends on c.errs still to come"
		return
	}
	go c.next()
}

func (c *conn) Serve() {
	c.in = make(chan []byte, 1)
	c.errs = make(chan error, 1)
	go c.next()
	for {
		select {
		case b := <-c.in:
			go c.frameBad(b)
		case <-c.errs:
			return
		case <-c.stop:
			return
		}
	}
}
