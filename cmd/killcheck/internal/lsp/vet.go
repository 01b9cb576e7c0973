package lsp

import (
	"context"
	"errors"
	"fmt"
	"go/version"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/gocmd"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/vetjson"
)

// Vet is the [Backend] that runs go vet with this program as the tool.
type Vet struct {
	Tool  string   // the program that go vet runs for each package
	Flags []string // flags of the tool, such as -endless.review
	Go    string   // the go command; "go" if empty

	// Setup says how the code in a directory is to be looked at, before each
	// analysis. Without it all findings are wanted.
	Setup func(dir string) (Setup, error)

	// Census names a check that has a finding in every package. If it has none,
	// the package was not analyzed, and nothing is known. go1.26 needs this: it
	// may print what it has kept of a run that wanted facts only.
	Census string

	mu       sync.Mutex
	versions map[string]goInfo // by directory
}

// A Setup is what a configuration says of the code in a directory.
type Setup struct {
	Flags []string                    // further flags of the tool
	Env   []string                    // additions to the environment, NAME=value
	Shown func(*finding.Finding) bool // whether a finding is wanted; it may set the severity; nil means all
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
	var args []string
	if len(req.Overlay)+len(req.Hidden) > 0 {
		list, remove, err := writeOverlay(req.Overlay, req.Hidden)
		if err != nil {
			return nil, fmt.Errorf("writing the overlay: %w", err)
		}
		defer remove()
		args = append(args, "-overlay="+list)
	}
	var setup Setup
	if v.Setup != nil {
		if setup, err = v.Setup(req.Dir); err != nil {
			return nil, &Notice{err.Error()}
		}
	}
	args = append(slices.Concat(args, req.Flags, v.Flags, setup.Flags), ".")
	req.Env = slices.Concat(setup.Env, req.Env)
	seen := &visit{vet: v, dir: req.Dir, shown: setup.Shown, counted: v.Census == ""}
	old := version.Compare(info.version, "go1.26") < 0
	said, err := v.command(req).Vet(ctx, v.Tool, old, args, seen.add)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("go vet: %w: %s", err, firstLines(said, 5))
	}
	return seen.result()
}

// errNoCensus says that go vet printed nothing about a package.
var errNoCensus = errors.New("go vet left the package out")

// A visit gathers what go vet says of one directory.
type visit struct {
	vet     *Vet
	dir     string
	shown   func(*finding.Finding) bool
	all     []finding.Finding
	failed  error
	counted bool // the census was there
}

// add keeps what lies in files of the directory: the go command may print
// findings of dependencies, too.
func (s *visit) add(u vetjson.Unit) {
	if u.Error != "" {
		s.failed = fmt.Errorf("check %s failed in %s: %s", u.Analyzer, u.ID, u.Error)
		return
	}
	for _, d := range u.Diagnostics {
		f := u.Finding(d, originalName)
		here := filepath.Dir(f.File) == s.dir
		switch {
		case s.vet.Census != "" && f.Check == s.vet.Census:
			s.counted = s.counted || here || strings.HasPrefix(filepath.Base(f.File), "_cgo_")
		case d.Category == vetjson.Internal:
			s.failed = fmt.Errorf("check %s failed in %s: %s", u.Analyzer, u.ID, firstLines(d.Message, 3))
		case d.Category == vetjson.Muted: // the author knows
		case here && (s.shown == nil || s.shown(&f)):
			s.all = append(s.all, f)
		}
	}
}

func (s *visit) result() ([]finding.Finding, error) {
	switch {
	case s.failed != nil && len(s.all) == 0:
		return nil, s.failed
	case !s.counted:
		return nil, errNoCensus
	}
	return finding.Sort(s.all), nil
}

func (v *Vet) info(ctx context.Context, req Request) (goInfo, error) {
	v.mu.Lock()
	info, ok := v.versions[req.Dir]
	v.mu.Unlock()
	if ok {
		return info, nil
	}
	stdout, err := v.command(req).Output(ctx, "env", "GOVERSION", "GOROOT", "GOMODCACHE")
	if err != nil {
		return goInfo{}, fmt.Errorf("go env: %s", firstLines(err.Error(), 3))
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

func (v *Vet) command(req Request) gocmd.Runner {
	r := gocmd.Runner{Go: v.Go, Dir: req.Dir, Env: req.Env, Grace: 3 * time.Second}
	if len(req.Hidden) > 0 && os.Getenv("GOGC") == "" {
		r.Env = append(slices.Clone(r.Env), "GOGC=400") // a third less time for half as much memory again
	}
	return r
}

func within(path, dir string) bool {
	if dir == "" {
		return false
	}
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// firstLines gives some lines of a tool's errors for the log.
func firstLines(text string, n int) string {
	lines := strings.SplitN(strings.TrimSpace(text), "\n", n+1)
	if len(lines) > n {
		lines[n] = "..."
	}
	return strings.Join(lines, " | ")
}
