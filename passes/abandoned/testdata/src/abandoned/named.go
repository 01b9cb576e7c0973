package abandoned

// Events and Notices can be received from wherever the package is imported.
var (
	Events  = make(chan int)
	Notices struct{ Lines chan string }
)

func WatchEventsOk(done <-chan struct{}, in <-chan int) {
	for {
		select {
		case <-done:
			return
		case v := <-in:
			Events <- v
		}
	}
}

func WatchNoticesOk(in <-chan string) {
	Notices.Lines = make(chan string)
	for v := range in {
		Notices.Lines <- v
	}
}

var quietEvents = make(chan int)

func WatchQuietBad(done <-chan struct{}, in <-chan int) {
	for {
		select {
		case <-done:
			return
		case v := <-in:
			quietEvents <- v // want "nothing receives from quietEvents"
		}
	}
}
