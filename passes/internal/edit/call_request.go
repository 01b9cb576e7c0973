package edit

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// requestForms are the calls that make a request and send it, with the constant
// of their method.
var requestForms = map[string]string{
	"net/http.Get": "MethodGet", "(*net/http.Client).Get": "MethodGet",
	"net/http.Head": "MethodHead", "(*net/http.Client).Head": "MethodHead",
	"net/http.Post": "MethodPost", "(*net/http.Client).Post": "MethodPost",
}

// request makes the request and sends it in two steps, so that it carries the
// context. It does what the call did, in the same order, up to the error.
//
//	resp, err := http.Get(url)
//	--------------------------
//	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
//	var resp *http.Response
//	if err == nil {
//		resp, err = http.DefaultClient.Do(req)
//	}
func request(s *site, call *ast.CallExpr, fun *ast.SelectorExpr, old *types.Func) (Fix, error) {
	stmt, outer, ok := enclosing[*ast.AssignStmt](s)
	if !ok || asAssign(stmt, call) == nil || len(stmt.Lhs) != 2 || !isPlain(stmt.Lhs[0]) || !isPlain(stmt.Lhs[1]) ||
		!standsAlone(outer) || isComm(stmt, outer) || isLabeled(outer) || !s.hasLine(stmt) {
		return Fix{}, errNotAlone
	}
	if s.commented(stmt) {
		return Fix{}, errors.New("comments inside the statement would be lost")
	}
	names := &namer{File: s.File, pos: stmt.Pos()}
	pkg, err := names.packageName(old.Pkg())
	if err != nil || pkg == "" {
		return Fix{}, errors.New("the package has no name here")
	}
	client := pkg + ".DefaultClient"
	if old.Signature().Recv() != nil {
		if !isPlain(fun.X) {
			return Fix{}, errors.New("the client would be found after the request is made")
		}
		client = s.text(fun.X.Pos(), fun.X.End())
	}
	arg := func(i int) string { return s.text(call.Args[i].Pos(), call.Args[i].End()) }
	resp := s.text(stmt.Lhs[0].Pos(), stmt.Lhs[0].End())
	problem := s.text(stmt.Lhs[1].Pos(), stmt.Lhs[1].End())
	req, fail := fresh(s.function(), "req"), problem
	if fail == "_" || stmt.Tok == token.ASSIGN {
		fail = fresh(s.function(), "reqErr")
	}
	body := "nil"
	var lines []string
	id, ok := stmt.Lhs[0].(*ast.Ident)
	declares := ok && s.Info.Defs[id] != nil && resp != "_"
	if declares {
		lines = append(lines, "var "+resp+" *"+pkg+".Response")
	}
	lines = append(lines, "if "+fail+" == nil {")
	if len(call.Args) == 3 {
		if hasCall(call.Args[1]) {
			return Fix{}, errors.New("the content type would be found after the request is made")
		}
		body = arg(2)
		lines = append(lines, "\t"+req+`.Header.Set("Content-Type", `+arg(1)+")")
	}
	lines = append(lines, "\t"+resp+", "+problem+" = "+client+".Do("+req+")")
	var others []string // what the variables held must not stay
	if !declares && resp != "_" {
		others = append(others, "\t"+resp+" = nil")
	}
	if fail != problem && problem != "_" {
		others = append(others, "\t"+problem+" = "+fail)
	}
	if len(others) > 0 {
		lines = append(append(lines, "} else {"), others...)
	}
	lines = append(lines, "}")
	first := req + ", " + fail + " := " + pkg + ".NewRequestWithContext(" + s.Stop.Ctx + ", " + pkg + "." + requestForms[old.FullName()] + ", " + arg(0) + ", " + body + ")"
	lines = append([]string{first}, lines...)
	return Fix{
		Message: "send the request with " + s.Stop.Ctx,
		Edits:   append([]analysis.TextEdit{s.lines(stmt, lines)}, names.imports()...),
		Exact:   true,
	}, nil
}
