package pipes

import "io"

// Who gives no error has read to the end; with one the reader is closed.

type archiver struct {
	untar func(io.Reader, string) error
}

func (a *archiver) CopyOk(src io.Reader, dst string) error {
	r, w := io.Pipe()
	errs := make(chan error, 1)
	go func() {
		defer w.Close()
		_, err := io.Copy(w, src)
		errs <- err
	}()
	err := a.untar(r, dst)
	if err != nil {
		r.CloseWithError(err)
	}
	return err
}

func (a *archiver) CopyBad(src io.Reader, dst string) error {
	r, w := io.Pipe()
	errs := make(chan error, 1)
	go func() {
		defer w.Close()
		_, err := io.Copy(w, src) // want "the function that started it can return before the reader's end of the pipe is read to its end or closed"
		errs <- err
	}()
	if err := a.untar(r, dst); err != nil {
		return err
	}
	return <-errs
}

func (a *archiver) LogBad(src io.Reader, dst string) {
	r, w := io.Pipe()
	go func() {
		defer w.Close()
		io.Copy(w, src) // want "the function that started it can return before the reader's end of the pipe is read to its end or closed"
	}()
	if err := a.untar(r, dst); err != nil {
		println(err.Error())
	}
}

// The error is a variable of its own, which the deferred function sets as well.
func (a *archiver) DeferOk(src io.Reader, dst string) (err error) {
	r, w := io.Pipe()
	errs := make(chan error, 1)
	go func() {
		defer w.Close()
		_, err := io.Copy(w, src)
		errs <- err
	}()
	defer func() {
		if e := <-errs; err == nil {
			err = e
		}
	}()
	err = a.untar(r, dst)
	if err != nil {
		r.CloseWithError(err)
	}
	return err
}
