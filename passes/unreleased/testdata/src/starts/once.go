package starts

// The reader says in its first round that it has begun.

func readOk(lines func() (string, bool), quit chan struct{}) {
	ready := make(chan struct{})
	go func() {
		say(lines, quit, ready)
	}()
	<-ready
}

func say(lines func() (string, bool), quit, ready chan struct{}) {
	for {
		if ready != nil {
			close(ready)
			ready = nil
		}
		select {
		case <-quit:
			return
		default:
			l, ok := lines()
			if !ok {
				return
			}
			println(l)
		}
	}
}

func readBad(lines func() (string, bool), quit chan struct{}) {
	ready := make(chan struct{})
	go func() {
		for {
			select {
			case <-quit:
				return
			default:
				l, ok := lines()
				if !ok {
					return
				}
				if ready != nil {
					close(ready)
					ready = nil
				}
				println(l)
			}
		}
	}()
	<-ready // want "the goroutine that alone raises ready can return without doing so"
}
