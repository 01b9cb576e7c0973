package lib_test

import "testing"

type outside struct{ n int }

func (x *outside) loop() {
	for { // want endless
		x.n++
	}
}

func TestOutside(t *testing.T) {
	go new(outside).loop()
}
