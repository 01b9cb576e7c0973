package unclosed

import "errors"

// A function that is returned beside the value closes it.

func provide() (*topic, func()) {
	t := newTopic("provided")
	return t, func() { t.Close() }
}

func provideMethod(name string) (*topic, func(), error) {
	if name == "" {
		return nil, nil, errors.New("no name")
	}
	t := newTopic(name)
	return t, t.Close, nil
}

func deferredOk() string {
	t, cleanup := provide()
	defer cleanup()
	return t.name
}

func calledOk() {
	_, cleanup := provide()
	cleanup()
}

func nestedOk() (*topic, func(), error) {
	a, closeA, err := provideMethod("a")
	if err != nil {
		return nil, nil, err
	}
	b, closeB, err := provideMethod(a.name)
	if err != nil {
		closeA()
		return nil, nil, err
	}
	return b, func() { closeB(); closeA() }, nil
}

func forgottenBad() string {
	t, _ := provide() // want "the value of provide is dropped"
	return t.name
}

func skippedBad(n int) string {
	t, cleanup := provide() // want "the value of provide is dropped on a path"
	if n > 0 {
		return ""
	}
	defer cleanup()
	return t.name
}
