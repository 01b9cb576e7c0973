package unreleased

import "log"

// Each kind of request brings arguments of its own type.

type job struct {
	args any
	done chan error
}

type sizes struct{ n int }

type disk struct {
	jobs chan *job
	n    int
}

func newDisk() *disk {
	d := &disk{jobs: make(chan *job)}
	go d.serve()
	return d
}

func (d *disk) serve() {
	for j := range d.jobs {
		if args, ok := j.args.(sizes); ok {
			d.n += args.n
			j.done <- nil
		} else {
			log.Print("not of its type")
		}
	}
}

func (d *disk) grow(n int) error {
	done := make(chan error)
	d.jobs <- &job{sizes{n}, done}
	return <-done
}

func (d *disk) close() { close(d.jobs) }

func Disk() error {
	d := newDisk()
	defer d.close()
	return d.grow(1)
}

// What is asserted is not of the request.

type cell struct {
	key  string
	done chan int
}

type cells struct {
	asks chan cell
	vals map[string]any
}

func newCells() *cells {
	c := &cells{asks: make(chan cell), vals: make(map[string]any)}
	go c.serve()
	return c
}

func (c *cells) serve() {
	for a := range c.asks {
		n, ok := c.vals[a.key].(int)
		if !ok {
			continue
		}
		a.done <- n
	}
}

func (c *cells) getBad(key string) int {
	done := make(chan int)
	c.asks <- cell{key, done}
	return <-done // want "who takes the request can go on to the next one without an answer on done"
}

func (c *cells) close() { close(c.asks) }

func Cells() int {
	c := newCells()
	defer c.close()
	return c.getBad("a")
}
