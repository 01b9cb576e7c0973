package gclplugin

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

const pool = `package m

type Pool struct {
	jobs chan func()
	quit chan struct{}
}

func (p *Pool) Start() { go p.work() }

func (p *Pool) Stop() { close(p.quit) }

func (p *Pool) work() {
	for {
		job := <-p.jobs
		job()
	}
}

func (p *Pool) Do(job func()) { p.jobs <- job }
var  odd   =  1
`

// pooled is what stands in pool instead of the receive, once it is fixed.
const pooled = `var job func()
		select {
		case job = <-p.jobs:
		case <-p.quit:
			return
		}`

// TestEdits shows that a fix holds the edited region and nothing else, with the
// line ends of the file, whether or not gofmt would change other lines.
func TestEdits(t *testing.T) {
	p, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	analyzers, err := p.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	for name, ends := range map[string]string{"lf": "\n", "crlf": "\r\n"} {
		t.Run(name, func(t *testing.T) {
			dir, in := t.TempDir(), strings.NewReplacer("\n", ends)
			for name, text := range map[string]string{"go.mod": "module example.com/m\n\ngo 1.25.0\n", "a.go": in.Replace(pool)} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			roots, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: dir, Env: append(os.Environ(), "GOFLAGS=", "GOWORK=off")}, ".")
			if err != nil {
				t.Fatal(err)
			}
			graph, err := checker.Analyze(analyzers, roots, nil)
			if err != nil {
				t.Fatal(err)
			}
			fixes := 0
			for _, action := range graph.Roots {
				for _, d := range action.Diagnostics {
					for _, fix := range d.SuggestedFixes {
						fixes++
						file := action.Package.Fset.File(fix.TextEdits[0].Pos)
						text, err := os.ReadFile(file.Name())
						if err != nil {
							t.Fatal(err)
						}
						line := strings.Index(string(text), "job := ")
						want := strings.Replace(string(text), "job := <-p.jobs", in.Replace(pooled), 1)
						for _, e := range slices.Backward(fix.TextEdits) {
							from, to := file.Offset(e.Pos), file.Offset(e.End)
							if from < line || line+len("job := <-p.jobs") < to {
								t.Errorf("an edit from %d to %d", from, to)
							}
							text = slices.Concat(text[:from], e.NewText, text[to:])
						}
						if string(text) != want {
							t.Errorf("got\n%q, want\n%q", text, want)
						}
					}
				}
			}
			if fixes != 1 {
				t.Errorf("%d fixes", fixes)
			}
		})
	}
}
