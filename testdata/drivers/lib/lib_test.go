package lib

import "testing"

type inTest struct{ n int }

func (x *inTest) loop() {
	for { // want endless
		x.n++
	}
}

func TestQueue(t *testing.T) {
	go new(inTest).loop()
}
