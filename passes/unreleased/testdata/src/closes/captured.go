package closes

// What only one run of a literal changes is what it has stored: the loop ends by the
// break alone.
func CapturedOk(recv func() (int, error)) error {
	done := make(chan struct{})
	var err error
	go func() {
		for err == nil {
			_, err = recv()
			if err != nil {
				close(done)
				break
			}
		}
	}()
	<-done
	return err
}

// Somebody else ends the loop before the break does.
func CapturedBad(recv func() (int, error), other error) error {
	done := make(chan struct{})
	var err error
	go func() {
		for err == nil {
			_, err = recv()
			if err != nil {
				close(done)
				break
			}
		}
	}()
	go func() { err = other }()
	<-done // want `the goroutine that alone raises done can return without doing so`
	return err
}

// A literal that the loop calls closes what ends it.
func QuitOk(interrupt <-chan int) {
	quit := make(chan struct{})
	go func() {
		shutdown := func() { close(quit) }
		for {
			select {
			case <-interrupt:
				shutdown()
			case <-quit:
				return
			}
		}
	}()
}

func QuitBad(interrupt <-chan int) {
	quit := make(chan struct{})
	go func() {
		shutdown := func() { close(quit) }
		for {
			select { // want `the goroutine itself alone raises that, after the loop`
			case v := <-interrupt:
				println(v)
				continue
			case <-quit:
			}
			break
		}
		shutdown()
	}()
}
