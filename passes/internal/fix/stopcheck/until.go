package stopcheck

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/passes/internal/fix/edit"
)

// until makes the sends of the goroutines of a function give way to its return: nobody
// else receives from their channels. The function closes a channel when it returns.
//
//	                               done := make(chan struct{})
//	                               defer close(done)
//	go func() {
//		for _, name := range names {
//			            out <- look(name)
//			------------               ------
//			select {
//			case        out <- look(name):
//			case <-done:
//				return
//			}
//		}
//	}()
//
// Until then nothing changes. Where the function cannot do so, the send gives way to the
// stop in reach, if there is one.
func until(s *site) (edit.Fix, error) {
	fix, err := s.untilReturn()
	if err != nil && s.Stop.Expr != "" {
		return send(s)
	}
	return fix, err
}

func (s *site) untilReturn() (edit.Fix, error) {
	first, err := s.startedSend(s.Pos)
	if err != nil {
		return edit.Fix{}, err
	}
	done := edit.Fresh(s.Function(), "done")
	file := *s.File
	file.Planned = map[string]types.Type{done: types.NewChan(types.SendRecv, types.NewStruct(nil, nil))}
	fix := edit.Fix{Message: "let the return of the function end the send", Exact: true}
	above := first.start
	for _, pos := range s.Ats {
		x, err := s.startedSend(pos)
		if err != nil || x.owner != first.owner {
			continue // it has a fix of its own
		}
		if x.start.Pos() < above.Pos() {
			above = x.start
		}
		at := &site{&edit.Site{File: &file, Remedy: s.Remedy, Path: x.Path}}
		at.Stop = event.Stop{Expr: done}
		out, err := at.LeaveWait(x.stmt, x.outer)
		if err != nil {
			return edit.Fix{}, err
		}
		fix.Edits = append(fix.Edits, at.inSelect(x.stmt, out)...)
		fix.Edits = append(fix.Edits, at.Shut(x.stmt)...)
		fix.Exact = fix.Exact && out.Exact && !x.room
	}
	change, err := s.Above(above, []ast.Node{first.owner}, done+" := make(chan struct{})", "defer close("+done+")")
	if err != nil || len(fix.Edits) == 0 {
		return edit.Fix{}, errors.Join(err, errors.New("no place to end the sends"))
	}
	fix.Edits = append(fix.Edits, change)
	return fix, nil
}

// A startedSend is a send of a goroutine that runs a literal, on a channel that only the
// function around it uses.
type startedSend struct {
	*site
	stmt  *ast.SendStmt
	outer []ast.Node     // around the send
	owner *ast.BlockStmt // the body of the function that starts the goroutine
	start ast.Stmt       // its statement that does
	room  bool           // the channel has room
}

func (s *site) startedSend(pos token.Pos) (*startedSend, error) {
	place, err := s.Place(pos)
	if err != nil {
		return nil, err
	}
	x := &startedSend{site: &site{place}}
	var ok bool
	if x.stmt, x.outer, ok = edit.Enclosing[*ast.SendStmt](place); !ok || edit.IsComm(x.stmt, x.outer) || !edit.StandsAlone(x.outer) {
		return nil, edit.ErrNotAlone
	}
	lit := slices.IndexFunc(x.outer, edit.IsFunc)
	if lit < 0 || lit+3 >= len(x.outer) {
		return nil, errNotStarted
	}
	start, ok := x.outer[lit+2].(*ast.GoStmt)
	if !ok || ast.Node(start.Call) != x.outer[lit+1] || ast.Unparen(start.Call.Fun) != x.outer[lit] {
		return nil, errNotStarted
	}
	around := x.outer[lit+2:]
	fn := slices.IndexFunc(around, edit.IsFunc)
	if fn < 2 {
		return nil, errNotStarted
	}
	x.owner = edit.BodyOf(around[fn])
	x.start, ok = around[fn-2].(ast.Stmt)
	if !ok || !slices.Contains(x.owner.List, x.start) {
		return nil, errNotStarted
	}
	x.room, err = x.channel()
	return x, err
}

var errNotStarted = errors.New("no goroutine that the function starts")

// channel makes sure that the channel of the send is made once by each run of the
// function that starts the goroutine, which keeps it and alone receives from it. It
// reports whether the channel has room.
func (x *startedSend) channel() (room bool, err error) {
	id, ok := ast.Unparen(x.stmt.Chan).(*ast.Ident)
	if !ok {
		return false, errNotKept
	}
	obj := x.Info.Uses[id]
	made := false
	for _, stmt := range x.owner.List {
		call := x.makeOf(stmt, obj)
		if call != nil {
			made, room = true, len(call.Args) > 1
		}
	}
	if !made || x.Assigned(obj) {
		return false, errNotKept
	}
	uses, elsewhere := x.UsesOf(obj)
	if elsewhere || slices.ContainsFunc(uses, func(id *ast.Ident) bool { return !x.keeps(id) }) {
		return false, errNotKept
	}
	return room, nil
}

var errNotKept = errors.New("others may receive from the channel")

// makeOf returns the call that makes the channel, if the statement declares the
// variable with it.
func (x *startedSend) makeOf(stmt ast.Stmt, obj types.Object) *ast.CallExpr {
	assign, ok := stmt.(*ast.AssignStmt)
	if !ok || len(assign.Lhs) != len(assign.Rhs) {
		return nil
	}
	for i, left := range assign.Lhs {
		id, ok := left.(*ast.Ident)
		call, isCall := ast.Unparen(assign.Rhs[i]).(*ast.CallExpr)
		if ok && isCall && obj != nil && x.Info.Defs[id] == obj && x.Info.Types[call.Fun].IsBuiltin() {
			return call
		}
	}
	return nil
}

// keeps reports whether a use of the channel is a send, a receive of the function itself
// or a close, and the like.
func (x *startedSend) keeps(id *ast.Ident) bool {
	at, err := x.Place(id.Pos())
	if err != nil || len(at.Path) < 2 {
		return false
	}
	switch n := at.Path[1].(type) {
	case *ast.SendStmt:
		return n.Chan == ast.Expr(id)
	case *ast.UnaryExpr, *ast.RangeStmt:
		_, body, _ := at.Innermost()
		return body == x.owner
	case *ast.CallExpr:
		return x.Info.Types[n.Fun].IsBuiltin()
	}
	return false
}
