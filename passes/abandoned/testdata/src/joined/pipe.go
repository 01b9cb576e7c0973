package joined

import "io"

// It would wait for the writer itself: the reader has most likely come to the end.
func CopyBad(src io.Reader, unpack func(io.Reader) error) (err error) {
	r, w := io.Pipe()
	errs := make(chan error, 1)
	go func() {
		defer close(errs)
		errs <- func() error {
			defer w.Close()
			_, err := io.Copy(w, src) // want `the function that started it can return before the reader's end`
			return err
		}()
	}()
	defer func() {
		if e := <-errs; err == nil {
			err = e
		}
	}()
	if err = unpack(r); err != nil {
		return err
	}
	return nil
}
