// Package merge makes of what the shards of a run have written what one run would
// have: to the byte, in whichever order the files are named.
//
// A file has to be as killcheck wrote it. One that was cut or edited, that belongs to
// another run, or that comes twice is an error, and so is a shard that is missing: a
// result that lacks something would look like a good one.
package merge

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/shard"
)

// MaxFile is the size, in bytes, up to which a file is to be read.
const MaxFile = 256 << 20

// An Input is a file of a shard.
type Input struct {
	Name string // for errors
	Text []byte
}

// A Result is what one run would have written.
type Result struct {
	Text     []byte
	Shards   int
	Findings int       // those that make a run fail
	Problems []Problem // sorted
}

// A Problem is a package that could not be analysed.
type Problem struct{ Package, Reason string }

// A document is a file of a shard, read.
type document interface {
	// mark returns which shard it is; nil if it is a whole run.
	mark() *shard.Mark
	// frame returns what has to be the same in all shards, with its name.
	frame() []part
	// files returns the files with findings, in their order.
	files() []string
	// write writes a document as killcheck does.
	write() ([]byte, error)
	// merge returns the document of a run from that of its shards, by number.
	merge(shards []document) document
	// count tells what the exit code depends on.
	count() (findings int, problems []Problem)
}

// A part is one of a document.
type part struct{ name, text string }

// Merge merges the files of all shards of a run.
func Merge(inputs []Input) (*Result, error) {
	docs := make([]document, len(inputs))
	kinds := make([]string, len(inputs))
	for i, in := range inputs {
		var err error
		if docs[i], kinds[i], err = read(in); err != nil {
			return nil, err
		}
		if kinds[i] != kinds[0] {
			return nil, fmt.Errorf("%s is %s, and %s is %s", inputs[0].Name, kinds[0], in.Name, kinds[i])
		}
	}
	order, err := arrange(inputs, docs)
	if err != nil {
		return nil, err
	}
	if err := disjoint(inputs, docs, order); err != nil {
		return nil, err
	}
	var shards []document
	for _, i := range order {
		shards = append(shards, docs[i])
	}
	whole := shards[0].merge(shards)
	result := &Result{Shards: len(shards)}
	result.Findings, result.Problems = whole.count()
	slices.SortStableFunc(result.Problems, func(a, b Problem) int { return strings.Compare(a.Package, b.Package) })
	result.Text, err = whole.write()
	return result, err
}

// read reads a file, and makes sure that it is as it was written.
func read(in Input) (document, string, error) {
	doc, kind, err := parse(in)
	if err != nil {
		return nil, "", err
	}
	again, err := doc.write()
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", in.Name, err)
	}
	if line := difference(in.Text, again); line > 0 {
		return nil, "", fmt.Errorf("%s:%d: not as killcheck wrote it", in.Name, line)
	}
	mark := doc.mark()
	if mark == nil {
		return nil, "", fmt.Errorf("%s is the result of a whole run, not that of a shard", in.Name)
	}
	if err := mark.Check(); err != nil {
		return nil, "", fmt.Errorf("%s: %w", in.Name, err)
	}
	return doc, kind, nil
}

// parse tells the formats apart by what they begin with and what they hold.
func parse(in Input) (document, string, error) {
	text := bytes.TrimLeft(in.Text, " \t\r\n")
	switch {
	case len(text) == 0:
		return nil, "", fmt.Errorf("%s:1: the file is empty", in.Name)
	case text[0] == '<':
		doc, err := parseJUnit(in)
		return doc, "JUnit", err
	case text[0] == '{':
		return parseJSON(in)
	}
	return nil, "", fmt.Errorf("%s:1: neither JSON, SARIF, JUnit nor a baseline of killcheck", in.Name)
}

// difference returns the first line in which two texts differ; 0 if none does.
func difference(a, b []byte) int {
	if bytes.Equal(a, b) {
		return 0
	}
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return bytes.Count(a[:n], []byte("\n")) + 1
}

// arrange returns the files by shard. All shards must be there, once, and of one run.
func arrange(inputs []Input, docs []document) ([]int, error) {
	first := docs[0].mark()
	order := make([]int, first.Of)
	for i := range order {
		order[i] = -1
	}
	for i, doc := range docs {
		m := doc.mark()
		if m.Of != first.Of {
			return nil, fmt.Errorf("%s is shard %s, and %s is shard %s", inputs[0].Name, first.Shard(), inputs[i].Name, m.Shard())
		}
		if other := order[m.Index-1]; other >= 0 {
			return nil, fmt.Errorf("%s and %s are both shard %s", inputs[other].Name, inputs[i].Name, m.Shard())
		}
		order[m.Index-1] = i
	}
	var missing []string
	for i, at := range order {
		if at < 0 {
			missing = append(missing, fmt.Sprint(i+1))
		}
	}
	switch len(missing) {
	case 0:
	case 1:
		return nil, fmt.Errorf("shard %s of %d is missing", missing[0], first.Of)
	default:
		return nil, fmt.Errorf("shards %s of %d are missing", list(missing), first.Of)
	}
	base := order[0]
	for _, i := range order {
		if docs[i].mark().Run != docs[base].mark().Run {
			return nil, fmt.Errorf("%s and %s are not of one run: their packages, flags or configuration differ, or the version of killcheck", inputs[base].Name, inputs[i].Name)
		}
		for k, part := range docs[i].frame() {
			if part != docs[base].frame()[k] {
				return nil, fmt.Errorf("%s and %s are not of one run: their %s differ", inputs[base].Name, inputs[i].Name, part.name)
			}
		}
	}
	return order, nil
}

// maxListed is how many missing shards are named.
const maxListed = 20

// list joins words for people.
func list(words []string) string {
	if len(words) > maxListed {
		return strings.Join(words[:maxListed], ", ") + " and others"
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// disjoint makes sure that no file has findings in two shards. A file belongs to one
// package, and all of that to one shard, but a //line comment can name any file.
// Then nobody can tell from the shards how one run would count its findings.
func disjoint(inputs []Input, docs []document, order []int) error {
	seen := make(map[string]int)
	for _, i := range order {
		for _, file := range docs[i].files() {
			if other, ok := seen[file]; ok && other != i {
				return fmt.Errorf("%s and %s both have findings in %s, since packages of both name it in //line comments: analyse them in one run", inputs[other].Name, inputs[i].Name, file)
			}
			seen[file] = i
		}
	}
	return nil
}

// An element is a finding or a problem in its form, with the file or package that it
// is arranged by.
type element[T any] struct {
	by    string
	value T
}

// arranged merges the elements of shards. Those of one file or package come from one
// shard, and keep their order.
func arranged[T any](shards [][]element[T]) []T {
	all := slices.Concat(shards...)
	slices.SortStableFunc(all, func(a, b element[T]) int { return strings.Compare(a.by, b.by) })
	out := make([]T, len(all))
	for i, e := range all {
		out[i] = e.value
	}
	return out
}

// errFrame is the error of JSON that is none of ours.
var errFrame = errors.New("neither JSON, SARIF nor a baseline of killcheck")
