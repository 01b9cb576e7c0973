package endless

import "time"

type desk struct{ calls chan func() string }

// ServeBad does not return either, but starts one for each call.
func (d *desk) ServeBad() {
	for call := range d.calls {
		go func() {
			for { // want `no exit`
				println(call())
				time.Sleep(time.Second)
			}
		}()
	}
	select {}
}
