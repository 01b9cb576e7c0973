// Package report turns obstacles into diagnostics. It makes the analyzers of the
// checks, so that all of them treat positions, directives, generated files,
// duplicates and failures alike.
package report

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/analyzer"
	"github.com/killcheck/killcheck/analyzer/directive"
	"github.com/killcheck/killcheck/internal/regular"
	"github.com/killcheck/killcheck/passes/internal/extract"
	"github.com/killcheck/killcheck/passes/internal/fix"
	"github.com/killcheck/killcheck/passes/internal/fix/edit"
	"github.com/killcheck/killcheck/passes/internal/remedy"
)

// URL returns the address of the page of a check.
func URL(check string) string {
	return "https://github.com/killcheck/killcheck/blob/main/docs/checks/" + check + ".md"
}

// A Rule is what is special about one check.
type Rule struct {
	Name string          // of the check
	Doc  string          // the source of doc.go
	Find func(*Question) // asks the model and reports what it finds
	// Waits says that the check asks about waits: what it finds keeps a goroutine
	// from ending. Others ask about a way out.
	Waits bool
}

// Options are the settings of one analyzer. Review and Extended are the
// defaults of its flags.
type Options struct {
	Core     bool // the check is on by default: obstacles marked Extended need -extended
	Review   bool // attach fixes that a person has to look at, too
	Extended bool // report what is not sure enough for the core tier, too
	Compact  bool // put the spawn into the message instead of related information

	Muted bool // report what a directive hides, too, in the category Muted
	Notes bool // tell the tier of a finding and of which texts the edits are; see Tier and Source

	// First are the checks that say more of a wait than this one: where one of
	// them has a finding, this one has none.
	First []*analysis.Analyzer
}

// A Result is what a check hands to the analyzer of directives.
type Result struct {
	Findings []Finding              // all of them, sorted by position, also those that were not reported
	Waits    bool                   // they are of waits that have no end; see Rule
	Used     []*directive.Directive // the ignore directives that hid an obstacle
	Internal string                 // a panic with its stack; empty if there was none
}

// New returns the analyzer of a check. If the documentation is malformed the
// analyzer has none, which analysis.Validate refuses.
func New(rule Rule, options Options) *analysis.Analyzer {
	name := rule.Name
	doc, _ := extract.Doc(rule.Doc, name)
	a := &analysis.Analyzer{
		Name:       name,
		Doc:        doc,
		URL:        URL(name),
		Requires:   append([]*analysis.Analyzer{analyzer.Analyzer, Files}, options.First...),
		ResultType: reflect.TypeFor[*Result](),
	}
	review := a.Flags.Bool("review", options.Review, "offer fixes that need review, too")
	extended := a.Flags.Bool("extended", options.Extended, "report less certain findings, too")
	muted := a.Flags.Bool("muted", options.Muted, "report what an ignore directive hides, too, in the category "+Muted)
	notes := a.Flags.Bool("notes", options.Notes, "tell other programs the tier of a finding, and the texts that a fix edits")
	a.Run = func(pass *analysis.Pass) (any, error) {
		options := options
		options.Review, options.Extended, options.Muted, options.Notes = *review, *extended, *muted, *notes
		c := &check{pass: pass, rule: rule, options: options}
		return c.run(), nil
	}
	Shown(a)
	return a
}

// A check is one run of a rule over one package.
type check struct {
	pass     *analysis.Pass
	rule     Rule
	options  Options
	files    *Package
	question *Question
	result   Result
	used     map[*directive.Directive]bool // those in result
	texts    map[*ast.File][]byte          // see text
}

// run never fails: a panic in one package must not lose the findings of those
// that import it.
func (c *check) run() (result *Result) {
	defer func() {
		if r := recover(); r != nil {
			c.result.Internal = fmt.Sprintf("%s: %v\n%s", c.rule.Name, r, debug.Stack())
		}
		result = &c.result
	}()
	c.files = c.pass.ResultOf[Files].(*Package)
	engine := c.pass.ResultOf[analyzer.Analyzer].(*analyzer.Result)
	if engine.Model == nil {
		return &c.result // nothing concurrent, or a panic
	}
	engine.Model.Ask(func() {
		q := &Question{Remedies: &remedy.Remedies{Model: engine.Model}, seen: make(map[token.Pos]bool)}
		c.rule.Find(q)
		c.result.Findings, c.result.Waits = c.settled(q.found), c.rule.Waits
		c.question = q
		for _, d := range c.diagnostics(c.result.Findings) {
			c.pass.Report(d)
		}
	})
	return &c.result
}

// settled sorts the findings and leaves out those of which a check that goes
// first says more, and is as sure.
func (c *check) settled(found []Finding) []Finding {
	taken := make(map[token.Pos]bool) // whether one of them is sure
	for _, first := range c.options.First {
		for _, o := range c.pass.ResultOf[first].(*Result).Findings {
			taken[o.Pos], taken[o.Instead] = taken[o.Pos] || !o.Extended, taken[o.Instead] || !o.Extended
		}
	}
	found = slices.DeleteFunc(found, func(o Finding) bool {
		sure, ok := taken[o.Pos]
		return ok && (sure || o.Extended)
	})
	slices.SortStableFunc(found, func(a, b Finding) int { return int(a.Pos) - int(b.Pos) })
	return found
}

// diagnostics returns one diagnostic for each position, sorted.
func (c *check) diagnostics(found []Finding) []analysis.Diagnostic {
	var all []analysis.Diagnostic
	found = slices.Clone(found)
	slices.SortStableFunc(found, func(a, b Finding) int { // of two at one position, the more certain one
		switch {
		case a.Extended == b.Extended:
			return 0
		case b.Extended:
			return -1
		}
		return 1
	})
	var shown []placed
	for _, o := range found {
		from, to, ok := c.position(o)
		if !ok {
			continue
		}
		by := c.ignored(from) // first, since it notes which directives are used
		switch {
		case o.Extended && c.options.Core && !c.options.Extended:
		case by == nil:
			shown = append(shown, placed{o, from, to, nil, c.fixes(o)})
		case c.options.Muted:
			shown = append(shown, placed{o, from, to, by, nil})
		}
	}
	c.dropBroken(shown)
	for _, p := range shown {
		d := c.diagnostic(p)
		if p.by != nil {
			d = mute(d, p.by)
		}
		all = append(all, d)
	}
	slices.SortStableFunc(all, func(a, b analysis.Diagnostic) int { return int(a.Pos - b.Pos) })
	return slices.CompactFunc(all, func(a, b analysis.Diagnostic) bool { return a.Pos == b.Pos })
}

// placed is a finding that is shown, where, by what it is hidden, and its fixes.
type placed struct {
	Finding
	from, to token.Pos
	by       *directive.Directive
	fixes    []analysis.SuggestedFix
}

// dropBroken drops the fixes with which the package does not compile.
func (c *check) dropBroken(shown []placed) {
	var all []*analysis.SuggestedFix
	for i := range shown {
		for j := range shown[i].fixes {
			all = append(all, &shown[i].fixes[j])
		}
	}
	if len(all) == 0 {
		return
	}
	good := c.compiling(all)
	for i := range shown {
		var kept []analysis.SuggestedFix
		for j := range shown[i].fixes {
			if good[&shown[i].fixes[j]] {
				kept = append(kept, shown[i].fixes[j])
			}
		}
		shown[i].fixes = kept
	}
}

// position returns where to report: at the obstacle, or at the spawn if the
// obstacle lies in another package. Generated files are left alone.
func (c *check) position(o Finding) (from, to token.Pos, ok bool) {
	from, to = o.Pos, o.End
	if c.files.At(from) == nil && o.Site != nil {
		from, to = o.Site.Pos, o.Site.End
	}
	file := c.files.At(from)
	if file == nil || file.Generated {
		return token.NoPos, token.NoPos, false
	}
	if to < from || c.files.At(to) != file {
		to = from
	}
	return from, to, true
}

// Muted is the category of a finding that an ignore directive hides. Its first
// related position is the directive, with the reason as the message. It has no
// fix.
const Muted = "muted"

// Tier begins the message of a related position that tells the tier of a finding
// which is not of the core: that of its check, or a lower one if it is not sure
// enough for that.
const Tier = "killcheck:tier "

func mute(d analysis.Diagnostic, by *directive.Directive) analysis.Diagnostic {
	d.Category, d.SuggestedFixes = Muted, nil
	why := analysis.RelatedInformation{Pos: by.Pos, End: by.End, Message: by.Reason}
	d.Related = append([]analysis.RelatedInformation{why}, d.Related...)
	return d
}

// ignored returns the first directive that hides findings at pos; nil if there
// is none.
func (c *check) ignored(pos token.Pos) (by *directive.Directive) {
	for _, d := range c.files.covering(pos) {
		if d.All && c.options.Compact {
			continue // golangci-lint heeds its own comments, and says if one is not needed
		}
		if d.Verb == directive.Ignore && d.Valid() && d.Has(c.rule.Name) {
			if by == nil {
				by = d
			}
			if !c.used[d] {
				if c.used == nil {
					c.used = make(map[*directive.Directive]bool)
				}
				c.used[d] = true
				c.result.Used = append(c.result.Used, d)
			}
		}
	}
	return by
}

func (c *check) diagnostic(p placed) analysis.Diagnostic {
	o, from, to := p.Finding, p.from, p.to
	d := analysis.Diagnostic{
		Pos:            from,
		End:            to,
		Category:       c.rule.Name,
		URL:            URL(c.rule.Name),
		Message:        o.Message,
		SuggestedFixes: p.fixes,
	}
	if c.options.Notes && c.extended(o) {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: from, Message: Tier + "extended"})
	}
	if c.options.Compact {
		if c.extended(o) {
			d.Message += " (extended)"
		}
		d.Message += c.origin(o, from)
		return d
	}
	if c.options.Notes {
		d.Related = append(d.Related, c.sources(d.SuggestedFixes)...)
	}
	for i, step := range o.Path {
		if !step.Pos.IsValid() || (i > 0 && step.Pos == from) {
			continue // nowhere to point at, or the diagnostic itself
		}
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: step.Pos, End: step.End, Message: step.Text})
	}
	return d
}

// extended reports whether a finding is outside the core tier.
func (c *check) extended(o Finding) bool { return o.Extended || !c.options.Core }

// origin names the spawn for a message without related information.
func (c *check) origin(o Finding, reported token.Pos) string {
	if o.Site == nil || c.files.At(o.Site.Pos) == nil {
		return ""
	}
	spawn, here := c.pass.Fset.Position(o.Site.Pos), c.pass.Fset.Position(reported)
	name := spawn.Filename[strings.LastIndexAny(spawn.Filename, `/\`)+1:]
	if spawn.Filename == here.Filename && spawn.Line == here.Line {
		return ""
	}
	return fmt.Sprintf(" (started at %s:%d)", name, spawn.Line)
}

// fixes returns the fix of an obstacle, if it has one that these options allow.
func (c *check) fixes(o Finding) []analysis.SuggestedFix {
	if o.Remedy.Op == remedy.NoOp {
		return nil
	}
	file := c.files.At(o.Remedy.Pos)
	if file == nil || file.Generated || file.Mapped {
		return nil
	}
	source, err := c.text(file.Syntax)
	if err != nil {
		return nil
	}
	f := &edit.File{
		Fset:    c.pass.Fset,
		Syntax:  file.Syntax,
		Others:  c.files.except(file),
		Info:    c.pass.TypesInfo,
		Pkg:     c.pass.Pkg,
		Src:     source,
		Text:    c.text,
		Owners:  c.question.OwnerStops,
		Joins:   c.question.Joins,
		Ignored: c.inIgnored,
	}
	f.Index = c.files.indexOf(func() *edit.Index { return edit.NewIndex(f) })
	change, err := fix.Build(f, o.Remedy)
	if err != nil || (!change.Exact && !c.options.Review) {
		return nil
	}
	if c.options.Compact && slices.ContainsFunc(change.Edits, func(e analysis.TextEdit) bool { return c.files.At(e.Pos) != file }) {
		return nil // golangci-lint applies all edits to the file of the finding
	}
	if !change.Exact {
		change.Message += ReviewSuffix
	}
	for i := range change.Edits {
		if c.endLines(&change.Edits[i]) != nil {
			return nil
		}
	}
	return []analysis.SuggestedFix{{Message: change.Message, TextEdits: change.Edits}}
}

// text returns the text of a file of the package that may be edited, which is read
// once.
func (c *check) text(syntax *ast.File) ([]byte, error) {
	file := c.files.At(syntax.FileStart)
	if file == nil || file.Generated || file.Mapped {
		return nil, errors.New("the file is made by a program")
	}
	if text, ok := c.texts[syntax]; ok {
		return text, nil
	}
	text, err := file.read(c.pass)
	if c.texts == nil {
		c.texts = make(map[*ast.File][]byte)
	}
	if err == nil {
		c.texts[syntax] = text
	}
	return text, err
}

// inIgnored reports whether a file that build constraints leave out names
// something.
func (c *check) inIgnored(name string) bool {
	for _, path := range c.pass.IgnoredFiles {
		if !regular.Is(path, maxText) {
			continue // nobody has compiled it, so it may be anything
		}
		text, err := readFile(c.pass, path)
		if err != nil || !bytes.Contains(text, []byte(name)) {
			continue
		}
		var s scanner.Scanner
		s.Init(token.NewFileSet().AddFile(path, -1, len(text)), text, nil, 0)
		for _, tok, lit := s.Scan(); tok != token.EOF; _, tok, lit = s.Scan() {
			if tok == token.IDENT && lit == name {
				return true
			}
		}
	}
	return false
}

// ReviewSuffix ends the message of a fix that a person has to look at.
const ReviewSuffix = " (review)"
