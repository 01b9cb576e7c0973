package summary

import (
	"bytes"
	"encoding/gob"
	"reflect"
	"testing"
)

// full has every field set.
var full = Func{
	NoReturn: true, Endless: true, NoError: true, Spawns: []int{0, 2}, Runs: []int{1},
	Starts: true, Ender: "GracefulShutdown", Shared: true, Receives: []int{1, 3}, Sends: []int{2}, Loads: []int{4}, Keeps: []int{4}, Ticks: []int{5}, Pours: []int{2}, Writes: []int{6}, Takes: []int{1}, Fills: []int{2, 2},
	Waits: []Wait{{
		Op: 1, Name: "s.quit", At: "service.go:120 in (*Service).loop", Param: 1, Meant: true, Other: true, Stays: true,
		Wakes: []Wake{{Action: 2, Level: 3, Why: 4, Param: 1, Name: "ctx.Done()", Stop: true, Time: true}},
	}},
	More: true,
	Deaf: []Wait{{Name: "http.Get", At: "service.go:120 in (*Service).loop", Param: 1, Other: true}},
}

func encode(t *testing.T, f *Func) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestCodec encodes, decodes and encodes again: the bytes must be the same, or
// the build cache would miss.
func TestCodec(t *testing.T) {
	for _, f := range []Func{{}, {NoReturn: true}, {Starts: true, Ender: "Close"}, full} {
		first := encode(t, &f)
		var back Func
		if err := gob.NewDecoder(bytes.NewReader(first)).Decode(&back); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(f, back) {
			t.Errorf("decoded %v, want %v", &back, &f)
		}
		if again := encode(t, &back); !bytes.Equal(first, again) {
			t.Errorf("%v: encoded anew it has other bytes", &f)
		}
	}
}

// TestSize holds the fact small: every exported function of a module may have
// one, and every package that imports it reads them all.
func TestSize(t *testing.T) {
	const limit = 800 // bytes, the description of the type included
	if n := len(encode(t, &full)); n > limit {
		t.Errorf("a full fact has %d bytes, the limit is %d", n, limit)
	}
}

// TestEmpty sets each field alone: none may be lost by Empty or String.
func TestEmpty(t *testing.T) {
	all := reflect.ValueOf(full)
	for i := range all.NumField() {
		var f Func
		reflect.ValueOf(&f).Elem().Field(i).Set(all.Field(i))
		if f.Empty() || f.String() == "" {
			t.Errorf("a fact with only %s says nothing", all.Type().Field(i).Name)
		}
	}
	if !new(Func).Empty() {
		t.Error("the zero fact says something")
	}
}
