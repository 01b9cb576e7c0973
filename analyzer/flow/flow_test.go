package flow

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// build returns the function f of a package with the given declarations.
func build(t *testing.T, code string) *ssa.Function {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", "package p\n"+code, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := &types.Config{Importer: importer.Default()}
	pkg, _, err := ssautil.BuildPackage(conf, fset, types.NewPackage("p", "p"), []*ast.File{file}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return pkg.Func("f")
}

// cut is a Dead function that cuts the edge to case k of every select.
func cut(k int64) func(*ssa.BasicBlock, int) bool {
	return func(b *ssa.BasicBlock, i int) bool {
		in, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || i != 0 {
			return false
		}
		cmp, ok := in.Cond.(*ssa.BinOp)
		if !ok {
			return false
		}
		c, ok := cmp.Y.(*ssa.Const)
		return ok && c.Int64() == k
	}
}

// A loop whose only exit is a case that cannot be taken has none, wherever the
// case stands.
func TestDeadCase(t *testing.T) {
	for k, code := range []string{
		"func f(a, quit chan int) { for { select { case <-quit: return; case <-a: } } }",
		"func f(a, quit chan int) { for { select { case <-a: case <-quit: return } } }",
	} {
		fn := build(t, code)
		if loops := New(fn, Cuts{}).Loops(); len(loops) != 1 || loops[0].Endless() {
			t.Errorf("%s: want one loop with an exit, got %d", code, len(loops))
		}
		g := New(fn, Cuts{Dead: cut(int64(k))})
		if loops := g.Loops(); len(loops) != 1 || !loops[0].Endless() {
			t.Errorf("%s: without case %d: want one endless loop, got %d", code, k, len(loops))
		}
		if g.Returns() {
			t.Errorf("%s: without case %d: it returns", code, k)
		}
	}
}

// A loop that counts down from the length of a channel takes what was in it.
func TestTakesBuffered(t *testing.T) {
	for code, want := range map[string]bool{
		"func f(ch chan int) { for n := len(ch); n > 0; n-- { <-ch } }":                         true,
		"func f(ch chan int) { for { for n := len(ch); n > 0; n-- { <-ch }; println() } }":      true,
		"func f(ch chan int) { for n := len(ch); n >= 0; n-- { <-ch } }":                        false,
		"func f(ch chan int) { for n := len(ch); n > 0; n-- { <-ch; <-ch } }":                   false,
		"func f(ch, other chan int) { for n := len(other); n > 0; n-- { <-ch } }":               false,
		"func f(ch chan int) { for n := len(ch); n > 0; { n--; if <-ch > 0 { n = len(ch) } } }": false,
		"func f(ch chan int) { for n := len(ch) + 1; n > 0; n-- { <-ch } }":                     false,
	} {
		fn := build(t, code)
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if u, ok := in.(*ssa.UnOp); ok && u.Op == token.ARROW {
					if got := New(fn, Cuts{}).TakesBuffered(u); got != want {
						t.Errorf("%s: %v, want %v", code, got, want)
					}
				}
			}
		}
	}
}
