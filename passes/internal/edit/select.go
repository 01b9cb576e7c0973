package edit

import (
	"errors"
	"go/ast"

	"golang.org/x/tools/go/analysis"
)

var errNoStop = errors.New("no stop signal is in reach")

// emptySelect makes "select {}" wait for the stop.
//
//	select {}
//	---------
//	<-ctx.Done()
func emptySelect(s *site) (Fix, error) {
	sel, _, ok := enclosing[*ast.SelectStmt](s)
	if !ok || len(sel.Body.List) > 0 {
		return Fix{}, errors.New("no empty select")
	}
	if s.Stop.Expr == "" {
		return Fix{}, errNoStop
	}
	return Fix{
		Message: "wait for " + s.Stop.Expr,
		Edits:   []analysis.TextEdit{replace(sel.Pos(), sel.End(), "<-"+s.Stop.Expr)},
		Exact:   true,
	}, nil
}
