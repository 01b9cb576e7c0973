package lsp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/vetjson"
)

// Vet is the [Backend] that runs go vet with this program as the tool.
type Vet struct {
	Tool  string                  // the program that go vet runs for each package
	Flags []string                // flags of the tool, such as -endless.review
	Shown func(check string) bool // whether findings of a check are wanted; nil means all
	Go    string                  // the go command; "go" if empty

	// Census names a check that has a finding in every package. If it has none,
	// the package was not analyzed, and nothing is known. go1.26 needs this: it
	// may print what it has kept of a run that wanted facts only.
	Census string

	mu       sync.Mutex
	versions map[string]goInfo // by directory
}

// goInfo is what the go command says of itself in one directory. It may differ
// between modules, since go.mod can choose another toolchain.
type goInfo struct {
	version, root, modCache string
}

// Analyze runs go vet in the directory of the package. Packages of the
// standard library and of the module cache have no findings: whoever reads
// them cannot change them.
func (v *Vet) Analyze(ctx context.Context, req Request) ([]finding.Finding, error) {
	info, err := v.info(ctx, req)
	if err != nil {
		return nil, err
	}
	if within(req.Dir, info.root) || within(req.Dir, info.modCache) {
		return nil, nil
	}
	if version.Compare(version.Lang(info.version), version.Lang(runtime.Version())) > 0 {
		return nil, &Notice{fmt.Sprintf("killcheck was built with %s and cannot analyze code for %s: "+
			"build it again with the newer Go", runtime.Version(), info.version)}
	}
	args := []string{"vet", "-json", "-vettool=" + v.Tool}
	if len(req.Overlay)+len(req.Hidden) > 0 {
		list, remove, err := writeOverlay(req.Overlay, req.Hidden)
		if err != nil {
			return nil, fmt.Errorf("writing the overlay: %w", err)
		}
		defer remove()
		args = append(args, "-overlay="+list)
	}
	args = append(append(append(args, req.Flags...), v.Flags...), ".")
	stdout, stderr, err := v.run(ctx, req, args...)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	text := stdout
	if version.Compare(info.version, "go1.26") < 0 {
		text = jsonLines(stderr) // before 1.26, go vet -json writes there
	}
	if err != nil {
		return nil, fmt.Errorf("go vet: %w: %s", err, firstLines(stderr, 5))
	}
	return v.decode(text, req.Dir)
}

// errNoCensus says that go vet printed nothing about a package.
var errNoCensus = errors.New("go vet left the package out")

// internalCategory marks a failure inside a check, which has lost some findings.
const internalCategory = "internal"

// reviewSuffix ends the message of a fix that a person has to look at.
const reviewSuffix = " (review)"

// decode reads what go vet printed and keeps what lies in files of dir: the go
// command may print findings of dependencies, too.
func (v *Vet) decode(text []byte, dir string) ([]finding.Finding, error) {
	var all []finding.Finding
	var failed error
	counted := v.Census == ""
	err := vetjson.Read(bytes.NewReader(text), func(u vetjson.Unit) {
		if u.Error != "" {
			failed = fmt.Errorf("check %s failed in %s: %s", u.Analyzer, u.ID, u.Error)
			return
		}
		for _, d := range u.Diagnostics {
			f := makeFinding(u, d)
			switch {
			case v.Census != "" && f.Check == v.Census:
				name := filepath.Base(f.File)
				counted = counted || filepath.Dir(f.File) == dir || strings.HasPrefix(name, "_cgo_")
			case d.Category == internalCategory:
				failed = fmt.Errorf("check %s failed in %s: %s", u.Analyzer, u.ID, firstLines([]byte(d.Message), 3))
			case filepath.Dir(f.File) == dir && (v.Shown == nil || v.Shown(f.Check)):
				all = append(all, f)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	switch {
	case failed != nil && len(all) == 0:
		return nil, failed
	case !counted:
		return nil, errNoCensus
	}
	return finding.Sort(all), nil
}

func makeFinding(u vetjson.Unit, d vetjson.Diagnostic) finding.Finding {
	f := finding.Finding{Check: d.Category, Message: d.Message, Span: span(d.Posn, d.End)}
	f.Package, _, _ = strings.Cut(u.ID, " ")
	if f.Check == "" {
		f.Check = u.Analyzer
	}
	for _, r := range d.Related {
		f.Path = append(f.Path, finding.Step{Span: span(r.Posn, r.End), Message: r.Message})
	}
	for _, fix := range d.Fixes {
		made := finding.Fix{Message: fix.Message, Review: strings.HasSuffix(fix.Message, reviewSuffix)}
		for _, e := range fix.Edits {
			made.Edits = append(made.Edits, finding.Edit{File: originalName(e.Filename), Start: e.Start, End: e.End, New: e.New})
		}
		f.Fixes = append(f.Fixes, made)
	}
	return f
}

func span(posn, end string) finding.Span {
	s := vetjson.Span(posn, end)
	s.File = originalName(s.File)
	return s
}

func (v *Vet) info(ctx context.Context, req Request) (goInfo, error) {
	v.mu.Lock()
	info, ok := v.versions[req.Dir]
	v.mu.Unlock()
	if ok {
		return info, nil
	}
	stdout, stderr, err := v.run(ctx, req, "env", "GOVERSION", "GOROOT", "GOMODCACHE")
	if err != nil {
		return goInfo{}, fmt.Errorf("go env: %w: %s", err, firstLines(stderr, 3))
	}
	lines := strings.Split(strings.ReplaceAll(string(stdout), "\r\n", "\n"), "\n")
	if len(lines) < 3 {
		return goInfo{}, fmt.Errorf("go env: unexpected output %q", clip(stdout))
	}
	info = goInfo{lines[0], lines[1], lines[2]}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.versions == nil {
		v.versions = make(map[string]goInfo)
	}
	v.versions[req.Dir] = info
	return info, nil
}

// run runs the go command in the directory of the request. When ctx ends, the
// command and all that it has started are interrupted, which lets it remove its
// work directory, and killed three seconds later.
func (v *Vet) run(ctx context.Context, req Request, args ...string) (stdout, stderr []byte, err error) {
	name := v.Go
	if name == "" {
		name = "go"
	}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = req.Dir
	// go vet shows paths through PWD; a directory behind a link keeps its name.
	cmd.Env = append(append(os.Environ(), req.Env...), "PWD="+req.Dir)
	if len(req.Hidden) > 0 && os.Getenv("GOGC") == "" {
		cmd.Env = append(cmd.Env, "GOGC=400") // a third less time for half as much memory again
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	ownGroup(cmd)
	cmd.Cancel = func() error { return interruptGroup(cmd.Process) }
	cmd.WaitDelay = 3 * time.Second
	err = cmd.Run()
	if ctx.Err() != nil || errors.Is(err, exec.ErrWaitDelay) {
		killGroup(cmd.Process)
	}
	return out.Bytes(), errs.Bytes(), err
}

func within(path, dir string) bool {
	if dir == "" {
		return false
	}
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// jsonLines drops the lines that the go command mixes into the output of tools.
func jsonLines(text []byte) []byte {
	var kept []byte
	for line := range bytes.Lines(text) {
		if !bytes.HasPrefix(line, []byte("#")) {
			kept = append(kept, line...)
		}
	}
	return kept
}

// firstLines gives some lines of a tool's errors for the log.
func firstLines(text []byte, n int) string {
	lines := strings.SplitN(strings.TrimSpace(string(text)), "\n", n+1)
	if len(lines) > n {
		lines[n] = "..."
	}
	return strings.Join(lines, " | ")
}
