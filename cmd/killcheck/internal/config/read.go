package config

import (
	"errors"
	"fmt"
	"hash"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/killcheck/killcheck/analyzer/kb"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/cli"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/selection"
	"github.com/killcheck/killcheck/internal/regular"
)

// A reader reads one file. It goes on after a mistake, so that all are told.
type reader struct {
	config *Config
	shown  string // the name of the file in errors
	dir    string
	checks []selection.Check
	sum    hash.Hash
	errs   []error
}

// at returns the place of a node.
func (r *reader) at(n *yaml.Node) string { return fmt.Sprintf("%s:%d:%d", r.shown, n.Line, n.Column) }

func (r *reader) wrong(n *yaml.Node, format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s: %s", r.at(n), fmt.Sprintf(format, args...)))
}

func (r *reader) read(data []byte) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		r.errs = append(r.errs, r.syntax(err))
		return
	}
	if doc.Kind == 0 || len(doc.Content) == 1 && doc.Content[0].Tag == "!!null" {
		return // empty
	}
	if !r.simple(&doc) {
		return
	}
	c := r.config
	r.fields(doc.Content[0], []field{
		{"checks", func(n *yaml.Node) { c.checks = r.selection(n, nil) }},
		{"tests", func(n *yaml.Node) { c.tests = r.bool(n) }},
		{"exclude", func(n *yaml.Node) { c.exclude = r.patterns(n) }},
		{"severity", func(n *yaml.Node) { c.severity = r.severities(n) }},
		{"paths", func(n *yaml.Node) { r.each(n, r.rule) }},
		{"rows", r.rows},
		{"goroutines", func(n *yaml.Node) { r.each(n, r.goroutine) }},
		{"stops", func(n *yaml.Node) { r.each(n, r.stop) }},
		{"lifetimes", func(n *yaml.Node) { r.each(n, r.lifetime) }},
	})
	if len(r.errs) == 0 {
		r.together()
	}
	slices.SortStableFunc(r.errs, func(a, b error) int { return line(a) - line(b) })
}

// line returns the line of an error in the file itself; 0 for those of files with rows.
func line(err error) int {
	_, rest, _ := strings.Cut(err.Error(), Name+":")
	n, _, _ := strings.Cut(rest, ":")
	at, _ := strconv.Atoi(n) // 0 if it has none
	return at
}

// syntax gives an error of the parser the form of the others.
func (r *reader) syntax(err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		line, said, _ := strings.Cut(rest, ": ")
		if n, err := strconv.Atoi(line); err == nil {
			return fmt.Errorf("%s:%d:1: %s", r.shown, n, said)
		}
	}
	return fmt.Errorf("%s:1:1: %s", r.shown, text)
}

// simple refuses anchors, which could make a small file large.
func (r *reader) simple(n *yaml.Node) bool {
	if n.Anchor != "" || n.Kind == yaml.AliasNode {
		r.wrong(n, "anchors and aliases are not taken")
		return false
	}
	for _, child := range n.Content {
		if !r.simple(child) {
			return false
		}
	}
	return true
}

// A field is a key and what reads its value.
type field struct {
	key  string
	read func(*yaml.Node)
}

// fields reads a mapping, and reports the keys that it did not find.
func (r *reader) fields(n *yaml.Node, fields []field, required ...string) {
	if n.Kind != yaml.MappingNode {
		r.wrong(n, "want keys with values, such as %s: ...", fields[0].key)
		return
	}
	var keys []string
	for _, f := range fields {
		keys = append(keys, f.key)
	}
	seen := make(map[string]*yaml.Node)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := slices.Index(keys, key.Value)
		switch {
		case at < 0:
			hint := cli.Hint(key.Value, keys)
			if hint == "" {
				hint = "; want one of " + strings.Join(keys, ", ")
			}
			r.wrong(key, "unknown key %q%s", key.Value, hint)
		case seen[key.Value] != nil:
			r.wrong(key, "key %q is there twice", key.Value)
		default:
			seen[key.Value] = value
		}
	}
	for _, f := range fields { // in this order, whatever that of the file is
		if value := seen[f.key]; value != nil {
			f.read(value)
		}
	}
	for _, key := range required {
		if seen[key] == nil {
			r.wrong(n, "key %q is missing", key)
		}
	}
}

// each reads the entries of a list.
func (r *reader) each(n *yaml.Node, read func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		r.wrong(n, "want a list")
		return
	}
	for _, entry := range n.Content {
		read(entry)
	}
}

// words reads a word, several of them separated by commas, or a list of words.
func (r *reader) words(n *yaml.Node) []*yaml.Node {
	switch {
	case n.Kind == yaml.SequenceNode:
		var all []*yaml.Node
		for _, entry := range n.Content {
			if r.string(entry) != "" {
				all = append(all, entry)
			}
		}
		return all
	case r.string(n) != "":
		return []*yaml.Node{n}
	}
	return nil
}

func (r *reader) string(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" {
		r.wrong(n, "want a text")
		return ""
	}
	return n.Value
}

func (r *reader) bool(n *yaml.Node) *bool {
	var b bool
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" || n.Decode(&b) != nil {
		r.wrong(n, "want true or false")
		return nil
	}
	return &b
}

func (r *reader) number(n *yaml.Node) int {
	i, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || i < 0 {
		r.wrong(n, "want the number of a parameter, the first is 0")
	}
	return i
}

// selection reads a list of checks and tiers.
func (r *reader) selection(n *yaml.Node, base selection.Selection) selection.Selection {
	var list []string
	bad := len(r.errs)
	for _, word := range r.words(n) {
		list = append(list, word.Value)
		if _, err := selection.Choose(r.checks, []string{word.Value}, nil); err != nil {
			r.wrong(word, "%v", err)
		}
	}
	if len(r.errs) > bad {
		return nil
	}
	sel, err := selection.Choose(r.checks, list, base)
	if err != nil {
		r.wrong(n, "%v", err)
	}
	return sel
}

func (r *reader) patterns(n *yaml.Node) []pattern {
	var all []pattern
	for _, word := range r.words(n) {
		p, err := parsePattern(word.Value)
		if err != nil {
			r.wrong(word, "%v", err)
			continue
		}
		all = append(all, p)
	}
	return all
}

// severities reads a severity for all, or for each check or tier.
func (r *reader) severities(n *yaml.Node) map[string]Severity {
	all := make(map[string]Severity)
	one := func(name string, n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || !slices.Contains(Severities(), n.Value) {
			r.wrong(n, "unknown severity %q: want one of %s%s", n.Value, strings.Join(Severities(), ", "), cli.Hint(n.Value, Severities()))
			return
		}
		all[name] = Severity(n.Value)
	}
	if n.Kind == yaml.ScalarNode {
		one(selection.All, n)
		return all
	}
	var fields []field
	for _, word := range selection.Words(r.checks) {
		fields = append(fields, field{word, func(n *yaml.Node) { one(word, n) }})
	}
	r.fields(n, fields)
	return all
}

func (r *reader) rule(n *yaml.Node) {
	var made rule
	r.fields(n, []field{
		{"path", func(n *yaml.Node) { made.paths = r.patterns(n) }},
		{"checks", func(n *yaml.Node) { made.checks = r.selection(n, r.config.checks) }},
		{"tests", func(n *yaml.Node) { made.tests = r.bool(n) }},
		{"severity", func(n *yaml.Node) { made.severity = r.severities(n) }},
	}, "path")
	r.config.paths = append(r.config.paths, made)
}

// maxRows is the size, in bytes, up to which a file with rows is read; as for the
// flag -rows.
const maxRows = 64 << 20

// rows reads rows, and names of files that hold them.
func (r *reader) rows(n *yaml.Node) {
	for _, entry := range r.words(n) {
		if strings.ContainsAny(strings.TrimSpace(entry.Value), " \n") {
			r.row(entry, strings.TrimSpace(entry.Value))
			continue
		}
		r.file(entry)
	}
}

// file reads a file with rows. It has to lie below the directory of the
// configuration, since errors show its lines, and the analysed code may be anybody's.
func (r *reader) file(n *yaml.Node) {
	name := filepath.Join(r.dir, filepath.FromSlash(n.Value))
	real, err := filepath.EvalSymlinks(name)
	if err == nil {
		var dir string
		if dir, err = filepath.EvalSymlinks(r.dir); err == nil {
			if rel, bad := filepath.Rel(dir, real); bad != nil || !filepath.IsLocal(rel) || filepath.IsAbs(n.Value) {
				err = errors.New("a file with rows has to lie below the directory of this file")
			}
		}
	}
	if err != nil {
		r.wrong(n, "%v", err)
		return
	}
	data, err := regular.ReadFile(real, maxRows)
	if err != nil {
		r.wrong(n, "%v", err)
		return
	}
	r.sum.Write(data)
	r.config.RowFiles = append(r.config.RowFiles, name)
	shown := filepath.Join(filepath.Dir(r.shown), filepath.FromSlash(n.Value))
	if _, err := kb.Load(kb.Source{Name: shown, Text: string(data)}); err != nil {
		for text := range strings.Lines(err.Error()) { // file:line: what
			rest := strings.TrimPrefix(strings.TrimSuffix(text, "\n"), shown+":")
			line, what, _ := strings.Cut(rest, ": ")
			r.errs = append(r.errs, fmt.Errorf("%s:%s:1: %s", shown, line, what))
		}
		return
	}
	line := 0
	for text := range strings.Lines(string(data)) {
		line++
		if text = strings.TrimSpace(text); text != "" && !strings.HasPrefix(text, "#") {
			r.take(fmt.Sprintf("%s:%d:1", shown, line), text)
		}
	}
}

// row takes in one row.
func (r *reader) row(n *yaml.Node, text string) {
	if strings.ContainsAny(text, "\r\n") {
		r.wrong(n, "an entry of the list is one row")
		return
	}
	if _, err := kb.Load(kb.Source{Name: "", Text: text}); err != nil {
		r.wrong(n, "%s", strings.TrimPrefix(err.Error(), ":1: "))
		return
	}
	r.take(r.at(n), text)
}

func (r *reader) take(at, text string) {
	symbol := ""
	if fields := strings.Fields(text); len(fields) > 1 {
		symbol = fields[1]
	}
	r.config.Rows = append(r.config.Rows, Row{at, text, symbol})
}

// together refuses two rows for one symbol.
func (r *reader) together() {
	first := make(map[string]string)
	for _, row := range r.config.Rows {
		keyword, _, _ := strings.Cut(row.Text, " ")
		key := keyword + " " + row.Symbol
		if at, ok := first[key]; ok {
			r.errs = append(r.errs, fmt.Errorf("%s: %s has a row already, at %s", row.At, row.Symbol, at))
		}
		first[key] = row.At
	}
}

// goroutine reads a function that runs one of its arguments in a new goroutine.
func (r *reader) goroutine(n *yaml.Node) {
	fn, arg, join := "", 0, ""
	bad := len(r.errs)
	r.fields(n, []field{
		{"func", func(n *yaml.Node) { fn = r.string(n) }},
		{"arg", func(n *yaml.Node) { arg = r.number(n) }},
		{"joined", func(n *yaml.Node) {
			if b := r.bool(n); b != nil && *b {
				join = " join"
			}
		}},
	}, "func")
	if len(r.errs) == bad {
		r.row(n, fmt.Sprintf("func %s spawns spawn - arg=%d%s", fn, arg, join))
	}
}

// stop reads a method that returns a channel which is closed to ask for a stop.
func (r *reader) stop(n *yaml.Node) {
	fn := ""
	bad := len(r.errs)
	r.fields(n, []field{{"func", func(n *yaml.Node) { fn = r.string(n) }}}, "func")
	if len(r.errs) == bad {
		r.row(n, fmt.Sprintf("func %s stop-signal chan stop:recv", fn))
	}
}

// lifetime reads a function whose result runs goroutines until one of its methods
// ends them.
func (r *reader) lifetime(n *yaml.Node) {
	fn, ender := "", ""
	bad := len(r.errs)
	r.fields(n, []field{
		{"func", func(n *yaml.Node) { fn = r.string(n) }},
		{"ends-by", func(n *yaml.Node) { ender = r.string(n) }},
	}, "func", "ends-by")
	if len(r.errs) == bad {
		r.row(n, fmt.Sprintf("func %s instant func - ender=%s", fn, ender))
	}
}
