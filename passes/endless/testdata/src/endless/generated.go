// Code generated for the test. DO NOT EDIT.

package endless

func GeneratedOk(probe func()) {
	go func() {
		for {
			probe()
		}
	}()
}
