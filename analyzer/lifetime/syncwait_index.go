package lifetime

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// syncOps holds the calls on wait groups and condition variables of a package.
type syncOps struct {
	w     *world
	waits []syncOp
	dones []syncOp // Done, and Go, after which the library calls Done
	wakes []syncOp // Signal and Broadcast
	adds  []syncOp
	by    map[*[]syncOp]map[lockClass][]syncOp   // of each list: see of
	vague map[*[]syncOp]map[*types.TypeName]bool // of each list: types with operations on what is not known
	loose map[lockClass]bool                     // handed to code that is not followed
}

// A syncOp is one call on a wait group or condition variable.
type syncOp struct {
	in    ssa.CallInstruction
	class lockClass
	typ   *types.TypeName
	spawn bool // it starts a goroutine and the library calls Done
}

// syncIndex collects the calls, once.
func (w *world) syncIndex() *syncOps {
	if w.sync == nil {
		w.sync = w.indexSync()
	}
	return w.sync
}

func (w *world) indexSync() *syncOps {
	s := &syncOps{
		w: w, loose: make(map[lockClass]bool),
		by: make(map[*[]syncOp]map[lockClass][]syncOp), vague: make(map[*[]syncOp]map[*types.TypeName]bool),
	}
	for _, fn := range w.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if c, ok := in.(ssa.CallInstruction); ok {
					s.call(c, w.Graph.Live(fn))
				}
			}
		}
	}
	kinds := make(map[*types.TypeName]bool)
	for _, ops := range [][]syncOp{s.waits, s.dones, s.wakes, s.adds} {
		for _, o := range ops {
			kinds[o.typ] = true
		}
	}
	for _, fn := range w.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				s.uses(in, kinds)
			}
		}
	}
	return s
}

// call adds a call to the lists. Where it cannot run it still counts as one that
// may end a wait: the code is there to be used.
func (s *syncOps) call(c ssa.CallInstruction, live bool) {
	com := c.Common()
	e, ok := signal.Entry(s.w.Base, com)
	recv := receiver(com)
	if !ok || recv == nil || com.IsInvoke() {
		return
	}
	op := syncOp{in: c, class: s.w.class(recv), typ: typeName(recv.Type())}
	switch {
	case e.Effect == kb.Blocks && (len(e.Wake(kb.Done)) > 0 || len(e.Wake(kb.Broadcast)) > 0):
		if live {
			s.waits = append(s.waits, op)
		}
	case len(e.Raise(kb.Done)) > 0:
		s.dones = append(s.dones, op)
	case len(e.Raise(kb.Broadcast)) > 0 || len(e.Raise(kb.SignalOne)) > 0:
		s.wakes = append(s.wakes, op)
	case e.Effect == kb.Spawns && e.Join:
		op.spawn = true
		s.dones = append(s.dones, op)
	case e.Effect == kb.Instant && e.Kind == kb.KindWait && len(com.Args) == 2:
		if live {
			s.adds = append(s.adds, op)
		}
		if k, ok := com.Args[1].(*ssa.Const); !ok && !isLen(com.Args[1]) || ok && k.Value != nil && k.Int64() < 0 {
			s.dones = append(s.dones, op) // it may count down
		}
	}
}

// isLen reports whether v is a length, or a sum, product or conversion of such.
func isLen(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		return ok && (b.Name() == "len" || b.Name() == "cap")
	case *ssa.BinOp:
		return (v.Op.String() == "+" || v.Op.String() == "*") && isCount(v.X) && isCount(v.Y)
	case *ssa.Convert:
		return isLen(v.X)
	}
	return false
}

func isCount(v ssa.Value) bool {
	if k, ok := v.(*ssa.Const); ok && k.Value != nil {
		return k.Int64() >= 0
	}
	return isLen(v)
}

// uses notes the wait groups and condition variables that an instruction hands
// to code that is not followed, or stores where they are not followed.
func (s *syncOps) uses(in ssa.Instruction, kinds map[*types.TypeName]bool) {
	var buf [16]*ssa.Value
	for _, p := range in.Operands(buf[:0]) {
		v := *p
		if v == nil {
			continue
		}
		n := typeName(v.Type())
		if _, ptr := v.Type().Underlying().(*types.Pointer); !ptr || n == nil || !kinds[n] {
			continue
		}
		if !s.follows(in, v) {
			s.loose[s.w.class(v)] = true
		}
	}
}

// follows reports whether what the instruction does with the address v is seen.
func (s *syncOps) follows(in ssa.Instruction, v ssa.Value) bool {
	switch in := in.(type) {
	case *ssa.Store:
		if in.Addr == v {
			return true
		}
		_, cell := in.Addr.(*ssa.Alloc)
		_, made := v.(*ssa.Call)
		return cell || made
	case *ssa.UnOp, *ssa.MakeClosure, *ssa.FieldAddr, *ssa.DebugRef, *ssa.BinOp, *ssa.If:
		return true
	case ssa.CallInstruction:
		if _, ok := signal.Entry(s.w.Base, in.Common()); ok && receiver(in.Common()) == v {
			return true
		}
		fns, open := s.w.Graph.Callees(in)
		return len(fns) > 0 && !open
	}
	return false
}

// on returns the operations of the list on the class, or ok false if others may
// be meant as well.
func (s *syncOps) on(list *[]syncOp, typ *types.TypeName, class lockClass) (ops []syncOp, ok bool) {
	if !class.known() || s.loose[class] || s.open(class) {
		return nil, false
	}
	ops = s.of(list, class)
	if s.vague[list][typ] {
		return nil, false
	}
	return ops, true
}

// of returns the operations of one of the lists on the class.
func (s *syncOps) of(list *[]syncOp, class lockClass) []syncOp {
	if s.by[list] == nil {
		s.by[list], s.vague[list] = make(map[lockClass][]syncOp), make(map[*types.TypeName]bool)
		for _, o := range *list {
			s.by[list][o.class] = append(s.by[list][o.class], o)
			if !o.class.known() {
				s.vague[list][o.typ] = true
			}
		}
	}
	return s.by[list][class]
}

// open reports whether other packages can name what is of the class.
func (s *syncOps) open(c lockClass) bool {
	if s.w.Pkg.Name() == "main" {
		return false
	}
	if g, ok := c.root.(*ssa.Global); ok {
		return g.Object() != nil && g.Object().Exported()
	}
	if c.owner == nil || !c.owner.Exported() {
		return false
	}
	return len(c.path) > 1 && types.Universe != nil && isUpper(c.path[1])
}

func isUpper(b byte) bool { return 'A' <= b && b <= 'Z' }
