package group

import (
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// SyncOps holds the calls on wait groups, condition variables and locks of a package.
type SyncOps struct {
	ct      *Groups
	Waits   []SyncOp
	Dones   []SyncOp // Done, and Go, after which the library calls Done
	Wakes   []SyncOp // Signal and Broadcast
	Adds    []SyncOp
	Locks   []SyncOp // takes a lock
	Unlocks []SyncOp
	by      map[*[]SyncOp]map[program.LockClass][]SyncOp // of each list: see of
	vague   map[*[]SyncOp]map[*types.TypeName]bool       // of each list: types with operations on what is not known
	perhaps map[*[]SyncOp]map[program.LockClass]bool     // of each list: classes on which operations may work that are of no class
	Loose   map[program.LockClass]bool                   // handed to code that is not followed
	given   []givenOn                                    // see spread
	givers  map[program.LockClass][]program.LockClass    // what the calls of the package give for a parameter
	excess  map[program.LockClass]*Excess                // see Excess
}

// A SyncOp is one call on a wait group, condition variable or lock.
type SyncOp struct {
	In    ssa.CallInstruction
	Class program.LockClass
	Typ   *types.TypeName
	Spawn bool // it starts a goroutine and the library calls Done
	Reads bool // it takes or gives back a lock for reading
}

// Adds returns what a call of Add adds, if it is made at once, and that is a constant.
func (o SyncOp) Adds() (n int, ok bool) {
	k, isConst := o.In.Common().Args[1].(*ssa.Const)
	if _, call := o.In.(*ssa.Call); !call || !isConst || k.Value == nil || k.Int64() <= 0 {
		return 0, false
	}
	return int(k.Int64()), true
}

// SyncIndex collects the calls, once.
func (ct *Groups) SyncIndex() *SyncOps {
	if ct.sync == nil {
		ct.sync = ct.indexSync()
	}
	return ct.sync
}

func (ct *Groups) indexSync() *SyncOps {
	s := &SyncOps{
		ct: ct, Loose: make(map[program.LockClass]bool),
		by: make(map[*[]SyncOp]map[program.LockClass][]SyncOp), vague: make(map[*[]SyncOp]map[*types.TypeName]bool),
		perhaps: make(map[*[]SyncOp]map[program.LockClass]bool),
	}
	for _, fn := range ct.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if c, ok := in.(ssa.CallInstruction); ok {
					s.call(c, ct.Graph.Live(fn))
				}
			}
		}
	}
	kinds := make(map[*types.TypeName]bool)
	for _, ops := range [][]SyncOp{s.Waits, s.Dones, s.Wakes, s.Adds, s.Locks, s.Unlocks} {
		for _, o := range ops {
			kinds[o.Typ] = true
		}
	}
	for _, fn := range ct.Functions {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				s.uses(in, kinds)
			}
		}
	}
	s.spread()
	return s
}

// givenOn says that what is of one class is the parameter of a function that is called,
// or the receiver of a method value.
type givenOn struct{ arg, param program.LockClass }

// spread makes what is handed to a function loose if that makes its parameter so.
func (s *SyncOps) spread() {
	s.givers = make(map[program.LockClass][]program.LockClass)
	for _, h := range s.given {
		s.givers[h.param] = append(s.givers[h.param], h.arg)
	}
	work := slices.Collect(maps.Keys(s.Loose))
	for len(work) > 0 {
		c := work[len(work)-1]
		work = work[:len(work)-1]
		for _, arg := range s.givers[c] {
			if !s.Loose[arg] {
				s.Loose[arg] = true
				work = append(work, arg)
			}
		}
	}
}

// call adds a call to the lists. Where it cannot run it still counts as one that
// may end a wait: the code is there to be used.
func (s *SyncOps) call(c ssa.CallInstruction, live bool) {
	com := c.Common()
	if l, ok := s.ct.LockCall(c); ok {
		op := SyncOp{In: c, Class: s.ct.Class(l.On), Typ: code.TypeName(l.On.Type()), Reads: l.Reads()}
		if !l.Takes() {
			s.Unlocks = append(s.Unlocks, op)
		} else if live {
			s.Locks = append(s.Locks, op)
		}
		return
	}
	e, ok := signal.Entry(s.ct.Base, com)
	recv := code.Receiver(com)
	if !ok || recv == nil || com.IsInvoke() {
		return
	}
	op := SyncOp{In: c, Class: s.ct.Class(recv), Typ: code.TypeName(recv.Type())}
	switch {
	case e.Effect == kb.Blocks && (len(e.Wake(kb.Done)) > 0 || len(e.Wake(kb.Broadcast)) > 0):
		if live {
			s.Waits = append(s.Waits, op)
		}
	case len(e.Raise(kb.Done)) > 0:
		s.Dones = append(s.Dones, op)
	case len(e.Raise(kb.Broadcast)) > 0 || len(e.Raise(kb.SignalOne)) > 0:
		s.Wakes = append(s.Wakes, op)
	case e.Effect == kb.Spawns && e.Join:
		op.Spawn = true
		s.Dones = append(s.Dones, op)
	case e.Effect == kb.Instant && e.Kind == kb.KindWait && len(com.Args) == 2:
		if live {
			s.Adds = append(s.Adds, op)
		}
		if k, ok := com.Args[1].(*ssa.Const); !ok && !code.IsLen(com.Args[1]) || ok && k.Value != nil && k.Int64() < 0 {
			s.Dones = append(s.Dones, op) // it may count down
		}
	}
}

// uses notes the wait groups and condition variables that an instruction hands
// to code that is not followed, or stores where they are not followed.
func (s *SyncOps) uses(in ssa.Instruction, kinds map[*types.TypeName]bool) {
	var buf [16]*ssa.Value
	for _, p := range in.Operands(buf[:0]) {
		v := *p
		if v == nil {
			continue
		}
		n := code.TypeName(v.Type())
		if _, ptr := v.Type().Underlying().(*types.Pointer); !ptr || n == nil || !kinds[n] {
			continue
		}
		if !s.follows(in, v) {
			s.Loose[s.ct.Class(v)] = true
			if st, ok := in.(*ssa.Store); ok {
				s.Loose[s.ct.Class(st.Addr)] = true // one object by two names
			}
		}
	}
}

// follows reports whether what the instruction does with the address v is seen.
func (s *SyncOps) follows(in ssa.Instruction, v ssa.Value) bool {
	switch in := in.(type) {
	case *ssa.Store:
		if in.Addr == v {
			return true
		}
		cell, ok := in.Addr.(*ssa.Alloc)
		_, made := v.(*ssa.Call)
		return ok && code.OnlyStore(cell) != nil || made
	case *ssa.MakeClosure:
		fn := in.Fn.(*ssa.Function)
		for i, b := range in.Bindings {
			if b == v {
				s.given = append(s.given, givenOn{s.ct.Class(v), s.ct.Class(fn.FreeVars[i])})
			}
		}
		return true
	case *ssa.UnOp, *ssa.FieldAddr, *ssa.DebugRef, *ssa.BinOp, *ssa.If:
		return true
	case ssa.CallInstruction:
		if _, ok := signal.Entry(s.ct.Base, in.Common()); ok && code.Receiver(in.Common()) == v {
			return true
		}
		fns, open := s.ct.Graph.Callees(in)
		for _, fn := range fns {
			for _, p := range fn.Params {
				if code.Argument(in.Common(), p) == v {
					s.given = append(s.given, givenOn{s.ct.Class(v), s.ct.Class(p)})
				}
			}
		}
		return len(fns) > 0 && !open || s.onlyTakes(in.Common(), v)
	}
	return false
}

// onlyTakes reports whether a function of another package that is called does no more
// with the address than to take the lock there and to give it back, or to wait.
func (s *SyncOps) onlyTakes(c *ssa.CallCommon, v ssa.Value) bool {
	_, fact := s.ct.FarFact(c)
	if fact == nil {
		return false
	}
	for i, a := range c.Args {
		if a == v && !slices.Contains(fact.Takes, i) {
			return false
		}
	}
	return true
}

// On returns the operations of the list on the class, or ok false if others may
// be meant as well.
func (s *SyncOps) On(list *[]SyncOp, typ *types.TypeName, class program.LockClass) (ops []SyncOp, ok bool) {
	if !class.Known() || s.Loose[class] || s.Open(class) {
		return nil, false
	}
	ops = s.Of(list, class)
	if s.vague[list][typ] || s.perhaps[list][class] {
		return nil, false
	}
	return ops, true
}

// meant returns the classes that an operation on a parameter can work on, or ok
// false if they are not all known. Callers that are not seen have what is loose only, or
// objects of their own.
func (s *SyncOps) meant(class program.LockClass) (all []program.LockClass, ok bool) {
	seen := map[program.LockClass]bool{class: true}
	for work := []program.LockClass{class}; len(work) > 0; {
		c := work[len(work)-1]
		work = work[:len(work)-1]
		if c.Known() {
			all = append(all, c)
			continue
		}
		switch c.Root.(type) {
		case *ssa.Parameter, *ssa.FreeVar: // the latter of a method value
		default:
			return nil, false
		}
		if c.Path != "" {
			return nil, false
		}
		for _, arg := range s.givers[c] {
			if !seen[arg] {
				seen[arg] = true
				work = append(work, arg)
			}
		}
	}
	return all, true
}

// Of returns the operations of one of the lists on the class.
func (s *SyncOps) Of(list *[]SyncOp, class program.LockClass) []SyncOp {
	if s.by[list] == nil {
		s.by[list], s.vague[list], s.perhaps[list] = make(map[program.LockClass][]SyncOp), make(map[*types.TypeName]bool), make(map[program.LockClass]bool)
		for _, o := range *list {
			s.by[list][o.Class] = append(s.by[list][o.Class], o)
			if o.Class.Known() {
				continue
			}
			classes, ok := s.meant(o.Class)
			s.vague[list][o.Typ] = s.vague[list][o.Typ] || !ok
			for _, k := range classes {
				s.perhaps[list][k] = true
			}
		}
	}
	return s.by[list][class]
}

// Open reports whether other packages can name what is of the class.
func (s *SyncOps) Open(c program.LockClass) bool {
	if s.ct.Pkg.Name() == "main" {
		return false
	}
	if g, ok := c.Root.(*ssa.Global); ok {
		return g.Object() != nil && g.Object().Exported()
	}
	if c.Owner == nil || !c.Owner.Exported() {
		return false
	}
	return len(c.Path) > 1 && types.Universe != nil && code.IsUpper(c.Path[1])
}
