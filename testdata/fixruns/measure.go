package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// A site is one place where killcheck should report, or does.
type site struct {
	repository, pkg, file string
	function              string // the declaration around it
	kind                  string // of the fault that was made; the check if none was
	mutation              mutation
	nth, round            int // of its package
	earlier               *fix

	finding *finding // nil if nothing is reported in the function
	fix     *fix     // the first fix that is offered
	applied bool
	built   bool
	tested  bool // the tests passed before
	passed  bool // and pass now
	lost    bool // comments
	again   bool // reported after the fix
	why     string
}

// measure runs everything for one repository.
func (r *repository) measure() error {
	begin := time.Now()
	if err := r.find(); err != nil {
		return err
	}
	if r.command {
		return r.byCommand()
	}
	changed := r.apply()
	fixed := r.texts()
	if _, err := r.output("git", "stash", "-q"); err != nil {
		return err
	}
	before := r.tested(changed)
	if len(r.strangers) > 0 { // perhaps the copy lacks something, such as generated files
		was := r.built(changed)
		for _, c := range r.strangers {
			if !slices.Contains(was, c) {
				fmt.Println("build, of no site:", c)
			}
		}
	}
	if err := r.write(fixed); err != nil {
		return err
	}
	r.settle(before, changed)
	fmt.Printf("\n%s: %d sites, fixes in %d packages, %d of which passed before, %v\n",
		r.name, len(r.sites), len(changed), len(before), time.Since(begin).Round(time.Second))
	print(r.sites)
	r.details()
	return nil
}

// find fills in the sites with what is reported. Of the faults, those with no fix
// are taken back, since they would fail the tests.
func (r *repository) find() error {
	if r.mutate == 0 {
		found, err := r.report([]string{r.include})
		r.assign(found, nil)
		return err
	}
	if err := r.faults(); err != nil {
		return err
	}
	// A fault may hide another one, such as the end of a receiver that has no
	// stop any more. So there are rounds, with few faults in each package.
	rounds := 0
	for _, s := range r.sites {
		s.round = s.nth / r.together
		rounds = max(rounds, s.round+1)
	}
	for round := range rounds {
		if err := r.lookAt(func(s *site) bool { return s.round == round }); err != nil {
			return err
		}
	}
	return r.lookAt(func(s *site) bool { return s.fix != nil })
}

// lookAt makes the faults of some sites and notes what is reported there.
func (r *repository) lookAt(wanted func(*site) bool) error {
	packages, err := r.breakSites(wanted)
	if err != nil || len(packages) == 0 {
		return err
	}
	found, err := r.report(packages)
	if err != nil {
		return err
	}
	var some []*site
	for _, s := range r.sites {
		if wanted(s) {
			some = append(some, s)
		}
	}
	for _, s := range some {
		s.earlier, s.fix = s.fix, nil
	}
	r.assign(found, some)
	for _, s := range some {
		if s.fix == nil && s.earlier != nil {
			s.why = "the fix is not offered where there are other faults"
		}
	}
	return nil
}

// texts returns the files that differ from what was committed.
func (r *repository) texts() map[string][]byte {
	out, _ := r.output("git", "diff", "--name-only", "--relative")
	texts := make(map[string][]byte)
	for name := range strings.FieldsSeq(out) {
		if data, err := os.ReadFile(filepath.Join(r.dir, name)); err == nil {
			texts[name] = data
		}
	}
	return texts
}

func (r *repository) write(texts map[string][]byte) error {
	for name, data := range texts {
		if err := os.WriteFile(filepath.Join(r.dir, name), data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// assign gives each finding to the site in whose function it stands. Without
// faults, each finding is a site.
func (r *repository) assign(found []finding, sites []*site) {
	for i := range found {
		f := &found[i]
		if r.mutate == 0 {
			r.sites = append(r.sites, &site{repository: r.name, kind: f.Check, pkg: f.Package, file: f.File, function: r.functionAt(f.File, f.Line)})
			r.sites[len(r.sites)-1].take(f)
			continue
		}
		name := r.functionAt(f.File, f.Line)
		for _, s := range sites {
			if s.file == f.File && s.function == name && s.fix == nil && (s.finding == nil || len(f.Fixes) > 0) {
				s.take(f)
			}
		}
	}
}

func (s *site) take(f *finding) {
	s.finding = f
	if len(f.Fixes) > 0 {
		s.fix = &f.Fixes[0]
	}
}

// offered returns the fix for the site, perhaps one from a round before.
func (s *site) offered() *fix {
	if s.fix == nil {
		return s.earlier
	}
	return s.fix
}

// functionAt returns the name of the declaration at a line.
func (r *repository) functionAt(name string, line int) string {
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, filepath.Join(r.dir, name), nil, parser.SkipObjectResolution)
	if err != nil {
		return ""
	}
	for _, decl := range syntax.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fset.Position(fn.Pos()).Line <= line && line <= fset.Position(fn.End()).Line {
			return functionName(fn)
		}
	}
	return ""
}

// apply applies the fixes that do not overlap, and takes back those that do not
// compile. It returns the packages that are changed.
func (r *repository) apply() []string {
	base := make(map[string][]byte) // the texts before the fixes
	for _, s := range r.sites {
		if s.fix == nil {
			continue
		}
		for _, e := range s.fix.Edits {
			if _, ok := base[e.File]; !ok {
				base[e.File], _ = os.ReadFile(filepath.Join(r.dir, e.File))
			}
		}
	}
	taken := make(map[string][][2]int)
	for _, s := range r.sites {
		if s.fix == nil {
			continue
		}
		free := true
		for _, e := range s.fix.Edits {
			for _, t := range taken[e.File] {
				free = free && (e.End < t[0] || t[1] < e.Start)
			}
		}
		if !free {
			s.why = "overlaps with another fix"
			continue
		}
		for _, e := range s.fix.Edits {
			taken[e.File] = append(taken[e.File], [2]int{e.Start, e.End})
		}
		s.applied, s.built = true, true
	}
	packages := make(map[string]bool)
	for _, s := range r.sites {
		if s.applied {
			packages[strings.TrimSuffix(s.pkg, "_test")] = true
		}
	}
	changed := slices.Sorted(maps.Keys(packages))
	for range 10 {
		r.render(base)
		complaints := r.built(changed)
		if len(complaints) == 0 || !r.takeBack(complaints) {
			r.strangers = complaints
			break
		}
	}
	return changed
}

// render writes the files with the fixes that are applied.
func (r *repository) render(base map[string][]byte) {
	for name, src := range base {
		type edit struct {
			start, end int
			text       string
		}
		var edits []edit
		for _, s := range r.sites {
			if !s.applied || !s.built {
				continue
			}
			for _, e := range s.fix.Edits {
				if e.File == name {
					edits = append(edits, edit{e.Start, e.End, e.New})
				}
			}
		}
		slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
		edits = slices.Compact(edits)
		var out []byte
		last := 0
		for _, e := range edits {
			out = append(append(out, src[last:e.start]...), e.text...)
			last = e.end
		}
		out = append(out, src[last:]...)
		if clean, err := format.Source(out); err == nil {
			out = clean
		}
		if missing := lost(src, out); missing != "" {
			for _, s := range r.sites {
				if s.applied && s.file == name {
					s.lost, s.why = true, "lost comment: "+missing
				}
			}
		}
		_ = os.WriteFile(filepath.Join(r.dir, name), out, 0o666) // the build tells
	}
}

// lost returns a comment of the first text that the second lacks.
func lost(before, after []byte) string {
	have := make(map[string]int)
	count := func(src []byte, n int) {
		file, err := parser.ParseFile(token.NewFileSet(), "", src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return
		}
		for _, g := range file.Comments {
			for _, c := range g.List {
				have[c.Text] += n
			}
		}
	}
	count(before, 1)
	count(after, -1)
	for text, n := range have {
		if n > 0 {
			return text
		}
	}
	return ""
}

// takeBack marks the fixes that the compiler complains about, and reports
// whether there is any.
func (r *repository) takeBack(complaints []string) bool {
	found := false
	for _, c := range complaints {
		parts := strings.SplitN(c, ":", 4)
		if len(parts) < 4 {
			fmt.Println("build:", c)
			continue
		}
		line, _ := strconv.Atoi(parts[1])
		name := r.functionAt(parts[0], line)
		for _, s := range r.sites {
			if s.applied && s.built && s.file == parts[0] && (s.function == name || name == "") {
				s.built, s.why, found = false, c, true
			}
		}
	}
	return found
}

// settle runs the tests and killcheck after the fixes.
func (r *repository) settle(before map[string]bool, changed []string) {
	after := r.tested(changed)
	left, err := r.report(changed)
	if err != nil {
		fmt.Println("after the fixes:", err)
	}
	for _, s := range r.sites {
		if !s.applied || !s.built {
			continue
		}
		pkg := strings.TrimSuffix(s.pkg, "_test")
		s.tested, s.passed = before[pkg], before[pkg] && after[pkg]
		if s.tested != s.passed {
			s.why = "the tests fail"
		}
		s.again = slices.ContainsFunc(left, func(f finding) bool {
			return f.File == s.file && f.Check == s.finding.Check && f.Message == s.finding.Message && r.functionAt(f.File, f.Line) == s.function
		})
	}
}

// details prints what went wrong, and all sites if that is wanted.
func (r *repository) details() {
	for _, s := range r.sites {
		if !r.verbose && s.why == "" && !s.again {
			continue
		}
		text := "not reported"
		if s.finding != nil {
			text = fmt.Sprintf("%d %s: %s", s.finding.Line, s.finding.Check, s.finding.Message)
		}
		if s.fix != nil {
			text += " [" + s.fix.Level + ": " + s.fix.Message + "]"
		}
		if s.again {
			text += " REPORTED AGAIN"
		}
		fmt.Printf("\t%s %s %s: %s %s\n", s.kind, s.file, s.function, text, s.why)
	}
}

// print prints a table of the sites by kind.
func print(sites []*site) {
	groups := make(map[string][]*site)
	for _, s := range sites {
		groups[s.kind] = append(groups[s.kind], s)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "kind\tsites\treported\tfix\tsafe\tapplied\tbuilds\tcomments kept\ttested\tpass\tquiet\t")
	row := func(kind string, group []*site) {
		count := func(f func(*site) bool) int {
			n := 0
			for _, s := range group {
				if f(s) {
					n++
				}
			}
			return n
		}
		good := func(s *site) bool { return s.applied && s.built }
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", kind, len(group),
			count(func(s *site) bool { return s.finding != nil }),
			count(func(s *site) bool { return s.offered() != nil }),
			count(func(s *site) bool { return s.offered() != nil && s.offered().Level == "safe" }),
			count(func(s *site) bool { return s.applied }),
			count(good),
			count(func(s *site) bool { return good(s) && !s.lost }),
			count(func(s *site) bool { return good(s) && s.tested }),
			count(func(s *site) bool { return good(s) && s.passed }),
			count(func(s *site) bool { return good(s) && !s.again }))
	}
	for _, kind := range slices.Sorted(maps.Keys(groups)) {
		row(kind, groups[kind])
	}
	row("all", sites)
	w.Flush()
}
