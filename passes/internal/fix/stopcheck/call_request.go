package stopcheck

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/internal/fix/edit"
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
func request(s *site, call *ast.CallExpr, fun *ast.SelectorExpr, old *types.Func) (edit.Fix, error) {
	stmt, outer, ok := edit.Enclosing[*ast.AssignStmt](s.Site)
	if !ok || edit.AsAssign(stmt, call) == nil || len(stmt.Lhs) != 2 || !edit.IsPlain(stmt.Lhs[0]) || !edit.IsPlain(stmt.Lhs[1]) ||
		!edit.StandsAlone(outer) || edit.IsComm(stmt, outer) || edit.IsLabeled(outer) || !s.HasLine(stmt) {
		return edit.Fix{}, edit.ErrNotAlone
	}
	if s.Commented(stmt) {
		return edit.Fix{}, errors.New("comments inside the statement would be lost")
	}
	names := &edit.Namer{File: s.File, Pos: stmt.Pos()}
	pkg, err := names.PackageName(old.Pkg())
	if err != nil || pkg == "" {
		return edit.Fix{}, errors.New("the package has no name here")
	}
	client := pkg + ".DefaultClient"
	if old.Signature().Recv() != nil {
		if !edit.IsPlain(fun.X) {
			return edit.Fix{}, errors.New("the client would be found after the request is made")
		}
		client = s.Source(fun.X.Pos(), fun.X.End())
	}
	arg := func(i int) string { return s.Source(call.Args[i].Pos(), call.Args[i].End()) }
	resp := s.Source(stmt.Lhs[0].Pos(), stmt.Lhs[0].End())
	problem := s.Source(stmt.Lhs[1].Pos(), stmt.Lhs[1].End())
	req, fail := edit.Fresh(s.Function(), "req"), problem
	if fail == "_" || stmt.Tok == token.ASSIGN {
		fail = edit.Fresh(s.Function(), "reqErr")
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
		if edit.HasCall(call.Args[1]) {
			return edit.Fix{}, errors.New("the content type would be found after the request is made")
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
	return edit.Fix{
		Message: "send the request with " + s.Stop.Ctx,
		Edits:   append([]analysis.TextEdit{s.Lines(stmt, lines)}, names.Imports()...),
		Exact:   true,
	}, nil
}
