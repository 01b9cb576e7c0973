// Package traefik43a510c is after traefik 43a510c04642: a watcher of a catalog
// reports its error to a reader that may have gone at the stop.
package traefik43a510c

type catalog interface{ Next() (string, error) }

type providerBad struct{ catalog catalog }

func (p *providerBad) watchServices(stopCh <-chan struct{}, watchCh chan<- string, errorCh chan<- error) {
	go func() {
		for {
			service, err := p.catalog.Next()
			if err != nil {
				errorCh <- err
				return
			}
			select {
			case <-stopCh:
				return
			case watchCh <- service:
			}
		}
	}()
}

// WatchBad hands services to use until stop is closed.
func (p *providerBad) WatchBad(stop <-chan struct{}, use func(string)) error {
	watchCh := make(chan string)
	errorCh := make(chan error)
	p.watchServices(stop, watchCh, errorCh)
	for {
		select {
		case <-stop:
			return nil
		case s := <-watchCh:
			use(s)
		case err := <-errorCh:
			return err
		}
	}
}

type providerOk struct{ catalog catalog }

func (p *providerOk) watchServices(stopCh <-chan struct{}, watchCh chan<- string, errorCh chan<- error) {
	go func() {
		for {
			service, err := p.catalog.Next()
			if err != nil {
				notify(stopCh, errorCh, err)
				return
			}
			select {
			case <-stopCh:
				return
			case watchCh <- service:
			}
		}
	}()
}

func notify(stopCh <-chan struct{}, errorCh chan<- error, err error) {
	select {
	case errorCh <- err:
	case <-stopCh:
	}
}

// WatchOk hands services to use until stop is closed.
func (p *providerOk) WatchOk(stop <-chan struct{}, use func(string)) error {
	watchCh := make(chan string)
	errorCh := make(chan error)
	p.watchServices(stop, watchCh, errorCh)
	for {
		select {
		case <-stop:
			return nil
		case s := <-watchCh:
			use(s)
		case err := <-errorCh:
			return err
		}
	}
}
