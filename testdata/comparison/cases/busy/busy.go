// Package busy holds a loop that stops, but spins until then.
package busy

// Run starts the loop and stops it.
func Run() {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-quit:
				return
			default:
			}
		}
	}()
	close(quit)
	<-done
}
