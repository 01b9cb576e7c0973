package code

import (
	"go/token"
	"go/types"
	"iter"
	"strings"

	"golang.org/x/tools/go/ssa"
)

func IsRecv(u *ssa.UnOp) bool {
	_, ok := u.X.Type().Underlying().(*types.Chan)
	return ok && u.Op.String() == "<-"
}

func IsErrorChan(in ssa.Instruction) bool {
	s, ok := in.(*ssa.Send)
	return ok && IsError(s.X.Type())
}

// ErrorReturn reports whether control goes from b straight to a return of an
// error.
func ErrorReturn(b *ssa.BasicBlock) bool {
	for range 4 {
		switch in := b.Instrs[len(b.Instrs)-1].(type) {
		case *ssa.Jump:
			b = b.Succs[0]
		case *ssa.Return:
			if len(in.Results) == 0 {
				return false
			}
			last := in.Results[len(in.Results)-1]
			k, isConst := last.(*ssa.Const)
			return IsError(last.Type()) && (!isConst || k.Value != nil || !k.IsNil())
		default:
			return false
		}
	}
	return false
}

// OnlyReturns reports whether nothing but a return, deferred calls included, is
// done in b.
func OnlyReturns(b *ssa.BasicBlock) bool {
	_, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
	return ok
}

// ReturnsError reports whether the return gives back an error that is not nil
// for all that is known.
func ReturnsError(r *ssa.Return) bool {
	for _, v := range r.Results {
		if IsError(v.Type()) {
			k, ok := v.(*ssa.Const)
			return !ok || k.Value != nil
		}
	}
	return false
}

func ErrorOf(c *ssa.Call) ssa.Value {
	res := c.Call.Signature().Results()
	for i := range res.Len() {
		if !IsError(res.At(i).Type()) {
			continue
		}
		if res.Len() == 1 {
			return c
		}
		if x := UsedResult(c, i); x != nil {
			return x
		}
	}
	return nil
}

func GivesError(c *ssa.Call) bool {
	res := c.Call.Signature().Results()
	return res.Len() > 0 && IsError(res.At(res.Len()-1).Type())
}

// UsedResult returns result i of a call, or nil if nothing uses it.
func UsedResult(c *ssa.Call, i int) ssa.Value {
	for _, r := range *c.Referrers() {
		if x, ok := r.(*ssa.Extract); ok && x.Index == i {
			return x
		}
	}
	return nil
}

func IsCall(in ssa.Instruction) bool {
	_, ok := in.(*ssa.Call)
	return ok
}

func RecvIsRange(u *ssa.UnOp) bool { return u.CommaOk && u.Block().Comment == "rangechan.loop" }

func IsUpper(b byte) bool { return 'A' <= b && b <= 'Z' }

// WithoutChan reports whether the call passes nil for a channel.
func WithoutChan(c *ssa.CallCommon) bool {
	for _, a := range c.Args {
		if k, ok := a.(*ssa.Const); ok && k.IsNil() {
			if _, ok := a.Type().Underlying().(*types.Chan); ok {
				return true
			}
		}
	}
	return false
}

// MakesType reports whether fn makes an object of the type.
func MakesType(fn *ssa.Function, n *types.TypeName) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if a, ok := in.(*ssa.Alloc); ok && a.Heap && IsObject(a.Type().(*types.Pointer).Elem(), n) {
				return true
			}
		}
	}
	return false
}

// Outermost returns the declared function around fn.
func Outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// CgoName returns the name of the C function that a call names.
func CgoName(c *ssa.CallCommon) (string, bool) {
	fn := c.StaticCallee()
	if fn == nil {
		return "", false
	}
	for _, prefix := range []string{"_Cfunc_", "_C2func_"} {
		if name, ok := strings.CutPrefix(fn.Name(), prefix); ok {
			return name, true
		}
	}
	return "", false
}

// ShortName turns (*net.Dialer).DialContext into net.Dialer.DialContext, with
// package names for paths.
func ShortName(symbol string) string {
	word := ""
	for _, r := range symbol {
		switch r {
		case '(', ')', '*':
		case '/':
			word = ""
		default:
			word += string(r)
		}
	}
	return word
}

// InPackage names a function or method with the name of its package: net.Dial.
func InPackage(fn *types.Func) string { return fn.Pkg().Name() + "." + fn.Name() }

// FixedCost reports whether a call computes with constants alone: how long it
// takes does not depend on the input of the program.
func FixedCost(c *ssa.CallCommon) bool {
	args := c.Args
	if c.Signature().Recv() != nil && !c.IsInvoke() && len(args) > 0 {
		args = args[1:]
	}
	for _, a := range args {
		if _, ok := a.(*ssa.Const); !ok {
			return false
		}
	}
	return true
}

// Defers yields the defer statements of fn.
func Defers(fn *ssa.Function) iter.Seq[*ssa.Defer] {
	return func(yield func(*ssa.Defer) bool) {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if d, ok := in.(*ssa.Defer); ok && !yield(d) {
					return
				}
			}
		}
	}
}

// InTest reports whether pos is in a test file.
func InTest(fset *token.FileSet, pos token.Pos) bool {
	return strings.HasSuffix(fset.PositionFor(pos, false).Filename, "_test.go")
}

// Encloses reports whether inner is fn or a literal in it.
func Encloses(fn, inner *ssa.Function) bool {
	for ; inner != nil; inner = inner.Parent() {
		if inner == fn {
			return true
		}
	}
	return false
}

// IsStd reports whether the package with the path is one of the standard library,
// seen from the module with the path mod.
func IsStd(path, mod string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && (mod == "" || path != mod && !strings.HasPrefix(path, mod+"/"))
}

// CallsRecover reports whether the function itself calls recover.
func CallsRecover(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if c, ok := in.(*ssa.Call); ok && IsRecover(c) {
				return true
			}
		}
	}
	return false
}

// IsRecover reports whether the value is what recover has given.
func IsRecover(v ssa.Value) bool {
	c, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	bi, ok := c.Call.Value.(*ssa.Builtin)
	return ok && bi.Name() == "recover"
}
