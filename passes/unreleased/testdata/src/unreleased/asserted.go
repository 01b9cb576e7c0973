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
