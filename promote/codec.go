package promote

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// encode turns v into a payload of at most limit bytes. what names the value
// in errors. A []byte travels as it is.
func encode[T any](worker, what string, limit int, v T) ([]byte, error) {
	data, raw := any(v).([]byte)
	if !raw {
		var err error
		data, err = json.Marshal(v)
		if err != nil {
			return nil, &EncodeError{worker, what, err}
		}
		if replacedBytes(data) {
			return nil, &EncodeError{worker, what, errors.New("a string is not valid UTF-8; use []byte")}
		}
	}
	if len(data) > limit {
		return nil, &SizeError{worker, what, len(data), limit}
	}
	return data, nil
}

// decode is the reverse of encode.
func decode[T any](worker, what string, data []byte) (T, error) {
	var v T
	if p, ok := any(&v).(*[]byte); ok {
		*p = data
		return v, nil
	}
	if err := json.Unmarshal(data, &v); err != nil {
		var zero T
		return zero, &DecodeError{worker, what, err}
	}
	return v, nil
}

// replacedBytes reports whether json.Marshal has replaced bytes that are not
// valid UTF-8. It writes the six characters \ufffd for them, while a true
// U+FFFD stays as it is.
func replacedBytes(data []byte) bool {
	for {
		i := bytes.Index(data, []byte(`\ufffd`))
		if i < 0 {
			return false
		}
		slashes := 0
		for j := i - 1; j >= 0 && data[j] == '\\'; j-- {
			slashes++
		}
		if slashes%2 == 0 {
			return true
		}
		data = data[i+1:] // an escaped backslash followed by text
	}
}

// checkType returns an error if values of type t could not travel or would
// lose a part on the way.
func checkType(t reflect.Type) error {
	return (&typeChecker{seen: make(map[reflect.Type]bool)}).check(t, t.String())
}

type typeChecker struct{ seen map[reflect.Type]bool }

// check examines t; path says where t was found.
func (c *typeChecker) check(t reflect.Type, path string) error {
	if c.seen[t] {
		return nil
	}
	c.seen[t] = true
	if marshalsItself(t) {
		return nil
	}
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.UnsafePointer, reflect.Complex64, reflect.Complex128, reflect.Uintptr:
		return fmt.Errorf("%s: a %s cannot travel to another process", path, t.Kind())
	case reflect.Interface:
		if t.NumMethod() > 0 {
			return fmt.Errorf("%s: an interface with methods cannot be decoded", path)
		}
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return c.check(t.Elem(), path)
	case reflect.Map:
		if err := c.checkKey(t.Key(), path); err != nil {
			return err
		}
		return c.check(t.Elem(), path)
	case reflect.Struct:
		if err := checkNames(t, path, make(map[string]bool)); err != nil {
			return err
		}
		for i := range t.NumField() {
			f := t.Field(i)
			at := path + "." + f.Name
			if !f.IsExported() {
				return fmt.Errorf("%s: an unexported field would be lost", at)
			}
			if f.Tag.Get("json") == "-" {
				return fmt.Errorf("%s: a field tagged json:\"-\" would be lost", at)
			}
			if err := c.check(f.Type, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkNames returns an error if two fields of t have the same name in JSON,
// which drops or hides one of them.
func checkNames(t reflect.Type, path string, seen map[string]bool) error {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct {
			if err := checkNames(f.Type, path+"."+f.Name, seen); err != nil {
				return err
			}
			continue
		}
		if name == "" {
			name = f.Name
		}
		name = strings.ToLower(name) // JSON matches names without regard to case
		if seen[name] {
			return fmt.Errorf("%s.%s: two fields have the JSON name %q", path, f.Name, name)
		}
		seen[name] = true
	}
	return nil
}

func (c *typeChecker) checkKey(t reflect.Type, path string) error {
	switch t.Kind() {
	case reflect.String, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return nil
	}
	if both[encoding.TextMarshaler, encoding.TextUnmarshaler](t) {
		return nil
	}
	return fmt.Errorf("%s: a %s cannot be a map key in JSON", path, t)
}

// marshalsItself reports whether t, or a pointer to it, chooses its own form in
// both directions.
func marshalsItself(t reflect.Type) bool {
	return both[json.Marshaler, json.Unmarshaler](t) || both[encoding.TextMarshaler, encoding.TextUnmarshaler](t)
}

func both[M, U any](t reflect.Type) bool {
	p := reflect.PointerTo(t)
	m, u := reflect.TypeFor[M](), reflect.TypeFor[U]()
	return (t.Implements(m) || p.Implements(m)) && (t.Implements(u) || p.Implements(u))
}
