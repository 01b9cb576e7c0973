package outlives

// merge takes from both channels until both are closed.
func merge(a, b <-chan int, sum *int) <-chan error {
	errs := make(chan error)
	go func() {
		for {
			if a == nil && b == nil {
				close(errs)
				return
			}
			select {
			case v, ok := <-a:
				if !ok {
					a = nil
					continue
				}
				*sum += v
			case v, ok := <-b:
				if !ok {
					b = nil
					continue
				}
				*sum -= v
			}
		}
	}()
	return errs
}

func mergeLoop(a, b <-chan int, sum *int) {
	for a != nil || b != nil {
		select {
		case v, ok := <-a:
			if !ok {
				a = nil
				break
			}
			*sum += v
		case v, more := <-b:
			if more {
				*sum -= v
			} else {
				b = nil
			}
		}
	}
}

// mergeSome gives up one channel when it has got enough.
func mergeSome(a, b <-chan int, sum *int) {
	for a != nil || b != nil {
		select {
		case v, ok := <-a:
			if !ok || v > 9 {
				a = nil
				break
			}
			*sum += v
		case v, ok := <-b:
			if !ok {
				b = nil
			}
			*sum -= v
		}
	}
}

type hub struct {
	left, right, stop chan int
	quit              chan struct{}
	sum               int
}

// literal closes what it sends to, and its receiver stays until then.
func (h *hub) literal() {
	a, b := make(chan int), make(chan int)
	go func() {
		for {
			select {
			case v := <-h.left:
				a <- v
			case v := <-h.right:
				b <- v
			case <-h.quit:
				close(a)
				close(b)
				return
			}
		}
	}()
	for range merge(a, b, &h.sum) {
	}
}

func (h *hub) named() {
	a, b := make(chan int), make(chan int)
	go h.forward(a, b)
	go mergeLoop(a, b, &h.sum)
}

func (h *hub) forward(a, b chan<- int) {
	defer close(a)
	defer close(b)
	for {
		select {
		case v := <-h.left:
			a <- v
		case v := <-h.right:
			b <- v
		case <-h.quit:
			return
		}
	}
}

func (h *hub) someBad() {
	a, b := make(chan int), make(chan int)
	go func() {
		defer close(a)
		defer close(b)
		for {
			select {
			case v := <-h.left:
				a <- v // want `does not stop while it sends on a: the loop around it heeds h.quit`
			case v := <-h.right:
				b <- v
			case <-h.quit:
				return
			}
		}
	}()
	go mergeSome(a, b, &h.sum)
}

func (h *hub) Close() { close(h.quit) }

func NewHub() *hub {
	h := &hub{left: make(chan int), right: make(chan int), quit: make(chan struct{})}
	h.literal()
	h.named()
	h.someBad()
	return h
}
