package callees

import "os"

// With an error nothing has been started.

func launch(name string, data []byte) (<-chan error, error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	errs := make(chan error)
	go func() {
		_, err := f.Write(data)
		errs <- err
	}()
	return errs, nil
}

func SaveOk(name string, data []byte) error {
	errs, err := launch(name, data)
	if err != nil {
		return err
	}
	return <-errs
}

// Here it may have been.

func launchAnywayBad(name string, data []byte, check func() error) (<-chan error, error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	errs := make(chan error)
	go func() {
		_, err := f.Write(data)
		errs <- err // want "SaveAnyway can return without receiving from errs"
	}()
	return errs, check()
}

func SaveAnyway(name string, data []byte, check func() error) error {
	errs, err := launchAnywayBad(name, data, check)
	if err != nil {
		return err
	}
	return <-errs
}

// It leaves before it asks.

func launchEarlyBad(name string, data []byte) (<-chan error, error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	errs := make(chan error)
	go func() {
		_, err := f.Write(data)
		errs <- err // want "SaveEarly can return without receiving from errs"
	}()
	return errs, nil
}

func SaveEarly(name string, data []byte, quit func() bool) error {
	errs, err := launchEarlyBad(name, data)
	if quit() {
		return nil
	}
	if err != nil {
		return err
	}
	return <-errs
}
