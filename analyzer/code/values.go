package code

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// SourceOf follows a value back through captures and variables that are
// assigned once to the parameter, result or load that it is.
func SourceOf(v ssa.Value) ssa.Value {
	for range 12 {
		switch x := v.(type) {
		case *ssa.FreeVar:
			v = Binding(x)
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return x
			}
			if _, ok := x.X.(*ssa.FieldAddr); ok {
				return nil
			}
			v = x.X
		case *ssa.Alloc:
			vs := StoresTo(x)
			if len(vs) != 1 {
				return nil
			}
			v = vs[0]
		default:
			return v
		}
	}
	return nil
}

// IsNil reports whether v is nil, or the zero value of a struct.
func IsNil(v ssa.Value) bool {
	k, ok := v.(*ssa.Const)
	return ok && k.Value == nil
}

// NilTest returns what the condition compares with nil, on whichever side that stands, and
// whether the condition holds if it is nil. It returns nil for another condition.
func NilTest(cond ssa.Value) (tested ssa.Value, ifNil bool) {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || IsNil(cmp.X) == IsNil(cmp.Y) {
		return nil, false
	}
	if IsNil(cmp.X) {
		return cmp.Y, cmp.Op == token.EQL
	}
	return cmp.X, cmp.Op == token.EQL
}

// IsFalse reports whether v is the constant false.
func IsFalse(v ssa.Value) bool {
	k, ok := v.(*ssa.Const)
	return ok && k.Value != nil && k.Value.Kind() == constant.Bool && !constant.BoolVal(k.Value)
}

// IsZero reports whether v is the zero value of a struct.
func IsZero(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return v.Value == nil
	case *ssa.UnOp:
		a, ok := v.X.(*ssa.Alloc)
		if !ok || v.Op != token.MUL {
			return false
		}
		for _, r := range *a.Referrers() {
			switch r.(type) {
			case *ssa.UnOp, *ssa.DebugRef:
			default:
				return false // it may be set
			}
		}
		return true
	}
	return false
}

// Member is a struct field: one for all objects of its type.
type Member struct {
	Owner *types.TypeName
	Index int
}

// CellID returns the name of the variable at an address, if all of the package
// can reach it by that name.
func CellID(addr ssa.Value) any {
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		return MemberOf(a.X.Type(), a.Field)
	case *ssa.Global:
		return a
	}
	return nil
}

// ReadFrom returns the name of the variable that v is read from, or nil.
func ReadFrom(v ssa.Value) any {
	switch v := v.(type) {
	case *ssa.Field:
		return MemberOf(v.X.Type(), v.Field)
	case *ssa.UnOp:
		return CellID(v.X)
	}
	return nil
}

// MemberOf returns the name of field i of a struct type, or nil if the type has none.
func MemberOf(t types.Type, i int) any {
	if n := TypeName(t); n != nil {
		return Member{n, i}
	}
	return nil
}

// StoresTo returns what is stored in the variable, by closures as well.
func StoresTo(v ssa.Value) []ssa.Value {
	var vs []ssa.Value
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Addr == v {
				vs = append(vs, r.Val)
			}
		case *ssa.MakeClosure:
			for i, b := range r.Bindings {
				if b == v {
					vs = append(vs, StoresTo(r.Fn.(*ssa.Function).FreeVars[i])...)
				}
			}
		}
	}
	return vs
}

// Has reports whether v is among the arguments from number from on.
func Has(args []ssa.Value, v ssa.Value, from int) bool {
	for i, a := range args {
		if i >= from && a == v {
			return true
		}
	}
	return false
}

// DependsOn reports whether v may be computed from what the receive yields,
// other than by way of an error.
func DependsOn(v ssa.Value, recv ssa.Instruction, depth int) bool {
	if depth == 0 {
		return true
	}
	in, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	if in == recv {
		return true
	}
	if IsError(v.Type()) {
		return false
	}
	if _, ok := in.(*ssa.Phi); ok {
		return true // a counter, or a flag of the loop
	}
	var buf [8]*ssa.Value
	for _, op := range in.Operands(buf[:0]) {
		if *op != nil && DependsOn(*op, recv, depth-1) {
			return true
		}
	}
	return false
}

// Receiver returns the receiver of a method call, or nil.
func Receiver(c *ssa.CallCommon) ssa.Value {
	if c.IsInvoke() {
		return c.Value
	}
	if c.Signature().Recv() != nil && len(c.Args) > 0 {
		return c.Args[0]
	}
	return nil
}

// Argument returns what the parameter is in the call, or nil.
func Argument(c *ssa.CallCommon, p *ssa.Parameter) ssa.Value {
	i := slices.Index(p.Parent().Params, p)
	args := c.Args
	if c.IsInvoke() {
		args = append([]ssa.Value{c.Value}, args...)
	}
	if i < 0 || len(args) != len(p.Parent().Params) {
		return nil
	}
	return args[i]
}

// OnlyStore returns the only value that is ever stored in the variable, captures
// included, or nil.
func OnlyStore(a *ssa.Alloc) ssa.Value {
	var val ssa.Value
	n := 0
	var look func(v ssa.Value, depth int) bool
	look = func(v ssa.Value, depth int) bool {
		refs := v.Referrers()
		if refs == nil || depth == 0 {
			return false
		}
		for _, r := range *refs {
			switch r := r.(type) {
			case *ssa.Store:
				if r.Addr == v {
					val, n = r.Val, n+1
				}
			case *ssa.MakeClosure:
				fn := r.Fn.(*ssa.Function)
				for i, b := range r.Bindings {
					if b == v && !look(fn.FreeVars[i], depth-1) {
						return false
					}
				}
			}
		}
		return true
	}
	if !look(a, 4) || n != 1 {
		return nil
	}
	return val
}

func FieldName(t types.Type, i int) string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if st, ok := t.Underlying().(*types.Struct); ok && i < st.NumFields() {
		return st.Field(i).Name()
	}
	return "?"
}

// Global reports whether v is, or is part of, a package-level variable.
func Global(v ssa.Value) bool {
	for range 8 {
		switch x := v.(type) {
		case *ssa.Global:
			return true
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.IndexAddr:
			v = x.X
		case *ssa.UnOp:
			v = x.X
		default:
			return false
		}
	}
	return false
}

// Latch returns the package-level variable of which the condition is, or is not,
// the value or a comparison with nil; else nil.
func Latch(cond ssa.Value) *ssa.Global {
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		cond = not.X
	} else if tested, _ := NilTest(cond); tested != nil {
		cond = tested
	}
	load, ok := cond.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	v, _ := load.X.(*ssa.Global)
	return v
}

func LastName(expr string) string {
	for i := len(expr) - 1; i >= 0; i-- {
		if expr[i] == '.' {
			return expr[i+1:]
		}
	}
	return expr
}

// Loaded returns a load of the captured variable if it is captured by reference,
// or else the variable: what holds a channel is not the channel.
func Loaded(fv *ssa.FreeVar, t types.Type) ssa.Value {
	if types.Identical(fv.Type(), t) {
		return fv
	}
	for _, r := range *fv.Referrers() {
		if u, ok := r.(*ssa.UnOp); ok && u.Op == token.MUL {
			return u
		}
	}
	return fv
}

// LenOf returns what v is the length of, or nil.
func LenOf(v ssa.Value) ssa.Value {
	c, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	if b, ok := c.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" {
		return nil
	}
	return c.Call.Args[0]
}

// IsLen reports whether v is a length, or a sum, product or conversion of such.
func IsLen(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		return ok && (b.Name() == "len" || b.Name() == "cap")
	case *ssa.BinOp:
		return (v.Op.String() == "+" || v.Op.String() == "*") && isCount(v.X) && isCount(v.Y)
	case *ssa.Convert:
		return IsLen(v.X)
	}
	return false
}

func isCount(v ssa.Value) bool {
	if k, ok := v.(*ssa.Const); ok && k.Value != nil {
		return k.Int64() >= 0
	}
	return IsLen(v)
}

// Found reports whether the channel is looked up in a map under a key.
func Found(v ssa.Value) bool {
	if x, ok := v.(*ssa.Extract); ok && x.Index == 0 {
		v = x.Tuple
	}
	_, ok := v.(*ssa.Lookup)
	return ok
}

// Source returns the call whose result v is, through captures and variables that
// are assigned once, or nil.
func Source(v ssa.Value) *ssa.Call {
	for range 12 {
		switch x := v.(type) {
		case *ssa.Call:
			return x
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return nil
			}
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.FreeVar:
			v = Binding(x)
		case *ssa.Alloc:
			vs := StoresTo(x)
			if len(vs) != 1 {
				return nil
			}
			v = vs[0]
		default:
			return nil
		}
		if v == nil {
			return nil
		}
	}
	return nil
}

// Binding returns what the free variable is bound to where its function is
// made, or nil.
func Binding(fv *ssa.FreeVar) ssa.Value {
	fn := fv.Parent()
	if fn.Parent() == nil {
		return nil
	}
	i := slices.Index(fn.FreeVars, fv)
	for _, r := range *fn.Referrers() {
		if m, ok := r.(*ssa.MakeClosure); ok && m.Fn == fn {
			return m.Bindings[i]
		}
	}
	return nil
}

// JustStored returns what the block has stored at the address before it loads it again,
// with nothing between that could change it; else nil.
func JustStored(load *ssa.UnOp) ssa.Value {
	if load.Op != token.MUL {
		return nil
	}
	ins := load.Block().Instrs
	for _, in := range slices.Backward(ins[:slices.Index(ins, ssa.Instruction(load))]) {
		switch in := in.(type) {
		case *ssa.Store:
			if sameAddress(in.Addr, load.X) {
				return in.Val
			}
			return nil
		case ssa.CallInstruction, *ssa.Send, *ssa.Select, *ssa.MapUpdate:
			return nil
		case *ssa.UnOp:
			if in.Op == token.ARROW {
				return nil
			}
		}
	}
	return nil
}

// sameAddress reports whether two addresses are of one variable: the same value, or the
// same field of it.
func sameAddress(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok := a.(*ssa.FieldAddr)
	y, ok2 := b.(*ssa.FieldAddr)
	return ok && ok2 && x.Field == y.Field && sameAddress(x.X, y.X)
}

// SameCell reports whether two addresses are of the same field, or both of
// elements.
func SameCell(a, b ssa.Value) bool {
	if x, ok := a.(*ssa.FieldAddr); ok {
		y, ok := b.(*ssa.FieldAddr)
		return ok && x.Field == y.Field && types.Identical(x.X.Type(), y.X.Type())
	}
	if _, ok := a.(*ssa.IndexAddr); ok {
		_, ok := b.(*ssa.IndexAddr)
		return ok
	}
	return false
}
