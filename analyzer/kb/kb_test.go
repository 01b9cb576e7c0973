package kb

import "testing"

func TestStd(t *testing.T) {
	b, err := Std()
	if err != nil {
		t.Fatal(err)
	}
	if e, ok := b.Lookup("time.Sleep"); !ok || e.Effect != Bounded {
		t.Errorf("time.Sleep: got %v, %v", e, ok)
	}
}
