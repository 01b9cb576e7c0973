package promote

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// travels fails unless values of a type, with all of their parts, can be encoded
// and decoded again. It asks for what package promote asks for at run time.
func travels(t types.Type, name string) error {
	return (&traveller{seen: make(map[types.Type]bool)}).check(t, name)
}

type traveller struct{ seen map[types.Type]bool }

func (c *traveller) check(t types.Type, path string) error {
	t = types.Unalias(t)
	if c.seen[t] {
		return nil
	}
	c.seen[t] = true
	if encodesItself(t) {
		return nil
	}
	if what := unique(t); what != "" {
		return fmt.Errorf("%s: a %s cannot travel to another process", path, what)
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsComplex != 0 || u.Kind() == types.Uintptr || u.Kind() == types.UnsafePointer || u.Kind() == types.Invalid {
			return fmt.Errorf("%s: a %s cannot travel to another process", path, t)
		}
	case *types.Interface:
		return fmt.Errorf("%s: what an interface holds cannot be decoded", path)
	case *types.Pointer:
		return c.check(u.Elem(), path)
	case *types.Slice:
		return c.check(u.Elem(), path)
	case *types.Array:
		return c.check(u.Elem(), path)
	case *types.Map:
		if b, ok := u.Key().Underlying().(*types.Basic); !ok || b.Info()&(types.IsInteger|types.IsString) == 0 || b.Kind() == types.Uintptr {
			if !encodesItself(u.Key()) {
				return fmt.Errorf("%s: a %s is no key of an encoded map", path, u.Key())
			}
		}
		return c.check(u.Elem(), path)
	case *types.Struct:
		return c.fields(u, path)
	default:
		return fmt.Errorf("%s: a %s cannot travel to another process", path, t)
	}
	return nil
}

func (c *traveller) fields(s *types.Struct, path string) error {
	used := make(map[string]bool)
	for i := range s.NumFields() {
		f := s.Field(i)
		at := path + "." + f.Name()
		tag := reflect.StructTag(s.Tag(i)).Get("json")
		name, _, _ := strings.Cut(tag, ",")
		if name == "" {
			name = f.Name()
		}
		name = strings.ToLower(name)
		switch {
		case unique(f.Type()) != "":
			return c.check(f.Type(), at) // the better reason
		case !f.Exported():
			return fmt.Errorf("%s: an unexported field would be lost", at)
		case tag == "-":
			return fmt.Errorf("%s: a field tagged json:\"-\" would be lost", at)
		case used[name] || f.Embedded() && tag == "":
			return fmt.Errorf("%s: its name may hide another one", at)
		}
		used[name] = true
		if err := c.check(f.Type(), at); err != nil {
			return err
		}
	}
	return nil
}

// unique names what exists in one process only.
func unique(t types.Type) string {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	switch t.Underlying().(type) {
	case *types.Chan:
		return "channel"
	case *types.Signature:
		return "func"
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return ""
	}
	methods := types.NewMethodSet(types.NewPointer(t))
	has := func(name string) bool { return methods.Lookup(n.Obj().Pkg(), name) != nil }
	switch path := n.Obj().Pkg().Path(); {
	case has("Lock") && has("Unlock") || path == "sync" || path == "sync/atomic":
		return "lock"
	case edit.IsContext(t):
		return "context"
	case has("Close") && (has("Read") || has("Write") || has("Accept")):
		return "handle"
	}
	return ""
}

// encodesItself reports whether a type, or a pointer to it, chooses its own form
// in both directions.
func encodesItself(t types.Type) bool {
	if types.IsInterface(t) {
		return false
	}
	methods := types.NewMethodSet(t)
	if _, ok := t.Underlying().(*types.Pointer); !ok {
		methods = types.NewMethodSet(types.NewPointer(t))
	}
	has := func(name string) bool { return methods.Lookup(nil, name) != nil }
	return has("MarshalJSON") && has("UnmarshalJSON") || has("MarshalText") && has("UnmarshalText")
}
