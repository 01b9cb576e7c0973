package report

import (
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/internal/plain"
)

// Shown makes what an analyzer reports safe to show, since drivers such as go vet
// print it as it is: words come from directives of the analysed code, and names of
// files from its //line comments.
func Shown(a *analysis.Analyzer) {
	run := a.Run
	a.Run = func(pass *analysis.Pass) (any, error) {
		real := &positions{fset: pass.Fset, twins: make(map[*token.File]*token.File)}
		report := pass.Report
		pass.Report = func(d analysis.Diagnostic) { report(real.diagnostic(d)) }
		return run(pass)
	}
}

// Positions replaces those that a //line comment gives a name that cannot be shown.
type positions struct {
	fset  *token.FileSet
	twins map[*token.File]*token.File // of files with such comments: the same lines without comments
}

func (p *positions) diagnostic(d analysis.Diagnostic) analysis.Diagnostic {
	d.Pos, d.End, d.Message = p.real(d.Pos), p.real(d.End), plain.Text(d.Message)
	related := make([]analysis.RelatedInformation, len(d.Related))
	for i, r := range d.Related {
		related[i] = analysis.RelatedInformation{Pos: p.real(r.Pos), End: p.real(r.End), Message: plain.Text(r.Message)}
	}
	d.Related = related
	return d
}

// real returns a position that stands where pos stands in the text, if the name that
// a comment gives it cannot be shown; else pos.
func (p *positions) real(pos token.Pos) token.Pos {
	name := p.fset.Position(pos).Filename
	if plain.Line(name) == name {
		return pos
	}
	file := p.fset.File(pos)
	twin := p.twins[file]
	if twin == nil {
		twin = p.fset.AddFile(file.Name(), -1, file.Size())
		twin.SetLines(file.Lines())
		p.twins[file] = twin
	}
	return twin.Pos(file.Offset(pos))
}
