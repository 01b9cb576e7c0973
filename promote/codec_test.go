package promote

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestCheckType(t *testing.T) {
	type list struct {
		Next  *list
		Value any
	}
	type inner struct{ B []byte }
	type shadow struct {
		//lint:ignore U1000 an unexported field is what is refused
		inner2 int
		B      int
	}
	twins := reflect.StructOf([]reflect.StructField{ // vet refuses to see it in the source
		{Name: "A", Type: reflect.TypeFor[int](), Tag: `json:"x"`},
		{Name: "B", Type: reflect.TypeFor[int](), Tag: `json:"x"`},
	})
	for _, ok := range []any{
		0, "", []byte{}, struct{}{}, list{}, time.Time{}, new(big.Int), map[int]bool{}, map[netip.Addr]int{},
		[3]*string{}, json.RawMessage{}, struct{ When *time.Time }{}, time.Second, inner{},
	} {
		if err := checkType(reflect.TypeOf(ok)); err != nil {
			t.Errorf("%T: %v", ok, err)
		}
	}
	for _, bad := range []struct {
		v    any
		want string
	}{
		{make(chan int), "chan"},
		{func() {}, "func"},
		{complex(1, 1), "complex128"},
		{map[string][]struct{ F func() }{}, "[]struct { F func() }.F: a func"},
		{struct{ E error }{}, "interface with methods"},
		{shadow{}, "unexported"},
		{struct {
			Password string `json:"-"`
		}{}, `json:"-"`},
		{reflect.Zero(twins).Interface(), "two fields"},
		{struct {
			inner
			B int
		}{}, "two fields"},
		{map[float64]int{}, "map key"},
	} {
		if err := checkType(reflect.TypeOf(bad.v)); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%T: %v, want %s", bad.v, err, bad.want)
		}
	}
}

func TestCodec(t *testing.T) {
	type value struct {
		I  int64
		U  uint64
		F  float64
		P  *int
		S  string
		N  []int
		E  []int
		T  time.Time
		IP netip.Addr
	}
	zero := 0
	want := value{math.MinInt64, math.MaxUint64, math.SmallestNonzeroFloat64, &zero, "a\ufffd\\ufffd\x00<", nil, []int{},
		time.Unix(1, 2).UTC(), netip.MustParseAddr("::1")}
	data, err := encode("w", "argument", 1000, want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode[value]("w", "argument", data)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}

	var loop struct{ Next any }
	loop.Next = &loop
	for name, v := range map[string]any{"NaN": math.NaN(), "cycle": loop, "chan": make(chan int), "text": "\\\xff"} {
		if _, err := encode("w", "argument", 1000, v); !errors.As(err, new(*EncodeError)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFrames(t *testing.T) {
	var b bytes.Buffer
	for _, size := range []int{0, 1, 64 << 10, 64<<10 + 1, 1 << 20} {
		b.Reset()
		payload := bytes.Repeat([]byte{7}, size)
		if err := writeFrame(&b, frameItem, 1<<63, payload); err != nil {
			t.Fatal(err)
		}
		whole := bytes.Clone(b.Bytes())
		f, err := readFrame(&b, 1<<63, size)
		if err != nil || f.kind != frameItem || !bytes.Equal(f.payload, payload) {
			t.Errorf("%d bytes: %v", size, err)
		}
		if _, err := readFrame(&b, 1<<63, size); err != io.EOF {
			t.Errorf("end: %v", err)
		}
		if _, err := readFrame(bytes.NewReader(whole[:len(whole)-1]), 1<<63, size); err != io.ErrUnexpectedEOF {
			t.Errorf("cut short: %v", err)
		}
		if size > 0 {
			if _, err := readFrame(bytes.NewReader(whole), 1<<63, size-1); !errors.As(err, new(*frameTooLarge)) {
				t.Errorf("too large: %v", err)
			}
		}
	}
	// A frame of another number, whatever else it says.
	var stray *strayFrame
	if _, err := readFrame(strings.NewReader("v\x00\x00\x00\x00\x00\x00\x00\x05\xff\xff\xff\xff"), 6, 1<<30); !errors.As(err, &stray) || stray.number != 5 {
		t.Errorf("another number: %v", err)
	}
	// A length that nobody sends must not be allocated.
	if _, err := readFrame(strings.NewReader("e\x00\x00\x00\x00\x00\x00\x00\x05\xff\xff\xff\xff"), 5, 1<<30); !errors.As(err, new(*frameTooLarge)) {
		t.Errorf("control frame: %v", err)
	}
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("v\x00\x00\x00\x00\x00\x00\x00\x07\x00\x00\x00\x02ab"), uint64(7))
	f.Add([]byte("v\x00\x00\x00\x00\x00\x00\x00\x07\xff\xff\xff\xff"), uint64(7))
	f.Fuzz(func(t *testing.T, data []byte, number uint64) {
		got, err := readFrame(bytes.NewReader(data), number, 1000)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := writeFrame(&b, got.kind, number, got.payload); err != nil || !bytes.HasPrefix(data, b.Bytes()) {
			t.Errorf("%q gives %q, %v", data, b.Bytes(), err)
		}
	})
}
