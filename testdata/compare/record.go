package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A said is what one side says of one input.
type said struct {
	findings   []finding
	goroutines []goroutine
	notes      []string // how runs ended, and complaints; sorted
	incomplete bool     // a run failed, or left packages out
}

// A finding is one report.
type finding struct {
	Check   string
	File    string
	Line    int
	Column  int
	Message string
	Fixes   []fix
	fields  map[string]string // all of it as JSON, but the fixes
}

// A fix is one way to mend what was found.
type fix struct {
	Message string
	Level   string
	Edits   json.RawMessage
}

// UnmarshalJSON keeps each field, also those that this program does not know.
func (f *finding) UnmarshalJSON(data []byte) error {
	type plain finding
	if err := json.Unmarshal(data, (*plain)(f)); err != nil {
		return err
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	delete(raw, "fixes")
	f.fields = make(map[string]string)
	for name, value := range raw {
		f.fields[name] = compact(value)
	}
	return nil
}

func compact(value json.RawMessage) string {
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return string(value)
	}
	return b.String()
}

func (f finding) posn() string { return fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column) }

func (f finding) String() string {
	return fmt.Sprintf("%s: %s: %s", f.posn(), f.Check, f.Message)
}

// A goroutine is one entry of the map.
type goroutine struct {
	posn    string
	verdict string
	runs    string
	path    string // the lines below it
}

// kind is the first word of the verdict: ends, stops, stuck, lives, unknown.
func (g goroutine) kind() string {
	word, _, _ := strings.Cut(g.verdict, " ")
	return word
}

func (g goroutine) String() string { return g.posn + ": " + g.verdict + ": runs " + g.runs }

// record runs killcheck over an input.
func record(ctx context.Context, binary string, in input, clean cleaner) (*said, error) {
	s := &said{}
	for _, u := range in.units {
		out, err := s.run(ctx, binary, in, u, clean, "-format=json", "-checks=all")
		if err != nil {
			return nil, err
		}
		var report struct{ Findings []finding }
		if err := json.Unmarshal(out, &report); err != nil {
			s.note(u, "no findings: "+err.Error())
			s.incomplete = true
		}
		s.findings = append(s.findings, report.Findings...)
		if out, err = s.run(ctx, binary, in, u, clean, "map"); err != nil {
			return nil, err
		}
		s.goroutines = append(s.goroutines, readMap(string(out), u.dir)...)
	}
	slices.SortStableFunc(s.findings, func(a, b finding) int { return strings.Compare(a.String(), b.String()) })
	slices.SortStableFunc(s.goroutines, func(a, b goroutine) int { return strings.Compare(a.String(), b.String()) })
	slices.Sort(s.notes)
	s.notes = slices.Compact(s.notes)
	return s, nil
}

func (s *said) note(u unit, text string) { s.notes = append(s.notes, u.dir+": "+text) }

// progress matches what the go command says of its work, which depends on its
// caches.
var progress = regexp.MustCompile(`^go: (downloading|extracting|finding) `)

// run returns what killcheck prints, without the paths of this machine. Findings
// are no error, and that packages are left out is a note.
func (s *said) run(ctx context.Context, binary string, in input, u unit, clean cleaner, args ...string) ([]byte, error) {
	args = append(append(args, u.flags...), u.patterns...)
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it ends its children
	cmd.WaitDelay = time.Minute
	cmd.Dir = filepath.Join(in.root, filepath.FromSlash(u.dir))
	cmd.Env = append(append(os.Environ(), "NO_COLOR=1", "PWD="+cmd.Dir), u.env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	what := strings.TrimPrefix(args[0], "-format=")
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != 1 {
		s.note(u, fmt.Sprintf("%s: exit code %d", what, code))
		s.incomplete = true
	}
	for line := range strings.Lines(string(clean(errs.Bytes(), in.root))) {
		if line = strings.TrimSpace(line); line != "" && !progress.MatchString(line) {
			s.note(u, what+": "+line)
		}
	}
	return clean(out.Bytes(), in.root), nil
}

var mapLine = regexp.MustCompile(`^(\S.*?:\d+(?::\d+)?): goroutine: (.*): runs (.*)$`)

// readMap reads what killcheck map prints in a folder.
func readMap(text, dir string) []goroutine {
	var all []goroutine
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if m := mapLine.FindStringSubmatch(line); m != nil {
			all = append(all, goroutine{posn: path.Join(dir, m[1]), verdict: m[2], runs: m[3]})
		} else if below, ok := strings.CutPrefix(line, "\t"); ok && len(all) > 0 {
			all[len(all)-1].path += "\n" + below
		} else {
			all = append(all, goroutine{posn: path.Join(dir, line), verdict: "not understood"})
		}
	}
	return all
}

// A cleaner takes the paths of this machine out of a text: those below root become
// relative to it.
type cleaner func(text []byte, root string) []byte

func newCleaner(ctx context.Context, tmp string) cleaner {
	var known []string
	replace := func(path, by string) {
		if path = strings.TrimSpace(path); path != "" {
			known = append(known, path, by)
		}
	}
	replace(tmp, "$TMP")
	for _, name := range []string{"GOROOT", "GOMODCACHE", "GOCACHE"} {
		path, _ := output(ctx, ".", "go", "env", name)
		replace(path, "$"+name)
	}
	// Folders that killcheck and the go command make for one run.
	made := regexp.MustCompile(regexp.QuoteMeta(strings.TrimRight(os.TempDir(), `/\`)) + `[/\\][\w./\\-]+`)
	return func(text []byte, root string) []byte {
		text = []byte(strings.NewReplacer(append([]string{root + string(filepath.Separator), "", root, "."}, known...)...).Replace(string(text)))
		return made.ReplaceAllLiteral(text, []byte("$TMP"))
	}
}
