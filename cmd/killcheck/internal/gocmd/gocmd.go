// Package gocmd runs the go command, and go vet with this program as its tool,
// for the command line and for the language servers.
package gocmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/group"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/vetjson"
	"github.com/killcheck/killcheck/internal/regular"
)

// A Runner says how to run the go command. When the context of a run ends, the
// command and all that it has started are interrupted, which lets it remove its
// work directory, and killed after the grace period.
type Runner struct {
	Go    string        // the go command; "go" if empty
	Dir   string        // absolute; where it runs
	Env   []string      // additions to the environment, NAME=value
	Grace time.Duration // how long a run may take to end after its context; 0 means a second

	limit int64 // of what it prints, for tests; 0 means the constants
}

// Limits of what the go command may print, in bytes. What it lists of a thousand
// packages has some ten million at most, and a finding about a thousand.
const (
	maxOutput = 256 << 20
	maxVet    = 256 << 20
	maxErrors = 16 << 20 // the rest of standard error is dropped
)

// Run runs the go command and returns what it printed.
func (r Runner) Run(ctx context.Context, args ...string) (stdout []byte, stderr string, err error) {
	cmd := r.Command(ctx, args...)
	out, errs := &regular.Buffer{Limit: r.atMost(maxOutput)}, &regular.Head{Limit: maxErrors}
	cmd.Stdout, cmd.Stderr = out, errs
	err = cmd.Run()
	if over := out.Err(); over != nil {
		err = fmt.Errorf("go %s: %w", args[0], over)
	}
	return out.Bytes(), errs.String(), err
}

func (r Runner) atMost(limit int64) int64 {
	if r.limit > 0 {
		return r.limit
	}
	return limit
}

// Output runs the go command and returns what it printed on standard output. If
// it fails, the error holds what it said on standard error.
func (r Runner) Output(ctx context.Context, args ...string) ([]byte, error) {
	stdout, stderr, err := r.Run(ctx, args...)
	if err != nil && ctx.Err() == nil && !errors.Is(err, regular.ErrTooLarge) {
		if text := strings.TrimSpace(Complaints(stderr)); text != "" {
			err = errors.New(text)
		}
	}
	return stdout, err
}

// Vet runs go vet -json with a tool and calls yield for each unit of its output
// as it arrives. It returns the [Complaints] of go vet. An [exec.ExitError]
// means that go vet could not analyze everything. Before go1.26 the units come
// on standard error; the caller says so by mixed.
//
// It turns -trimpath off: with that, the go command keeps what a tool prints under a
// key that does not know the folder, and would print the names of files of another
// folder, or machine, with the same code.
func (r Runner) Vet(ctx context.Context, tool string, mixed bool, args []string, yield func(vetjson.Unit)) (said string, err error) {
	cmd := r.Command(ctx, append([]string{"vet", "-json", "-vettool=" + tool, "-trimpath=false"}, args...)...)
	stderr := &regular.Head{Limit: maxErrors}
	if mixed {
		stderr.Limit = maxVet
	}
	read, write := io.Pipe()
	cmd.Stdout, cmd.Stderr = write, stderr
	unread := make(chan error, 1)
	go func() {
		err := vetjson.Read(&regular.Reader{R: read, Left: r.atMost(maxVet)}, yield)
		read.CloseWithError(err) // nobody reads any more
		unread <- err
	}()
	err = cmd.Run()
	write.Close()
	bad := <-unread
	said = stderr.String()
	if mixed {
		units, rest := separate(said)
		bad, said = vetjson.Read(strings.NewReader(units), yield), rest
	}
	said = Complaints(said)
	switch {
	case ctx.Err() != nil:
		return said, ctx.Err()
	case errors.Is(bad, regular.ErrTooLarge):
		return said, fmt.Errorf("%w: more than %s", bad, regular.Size(r.atMost(maxVet)))
	case bad != nil:
		return said, fmt.Errorf("%w\n%s", bad, strings.TrimSpace(said))
	}
	return said, err
}

// Command prepares a run that the caller starts.
func (r Runner) Command(ctx context.Context, args ...string) *group.Cmd {
	name, grace := r.Go, r.Grace
	if name == "" {
		name = "go"
	}
	if grace == 0 {
		grace = time.Second
	}
	cmd := group.Command(ctx, grace, name, args...)
	cmd.Dir = r.Dir
	// The go command shows paths through PWD; a directory behind a link keeps its name.
	cmd.Env = append(append(os.Environ(), r.Env...), "PWD="+r.Dir)
	return cmd
}

// separate cuts the JSON objects of a tool out of what the go command prints
// around them. An object begins with a line "{" and ends with a line "}".
func separate(text string) (units, rest string) {
	var objects, others strings.Builder
	inside := false
	for line := range strings.Lines(text) {
		inside = inside || strings.HasPrefix(line, "{")
		if inside {
			objects.WriteString(line)
		} else {
			others.WriteString(line)
		}
		if strings.HasPrefix(line, "}") || strings.HasPrefix(line, "{}") {
			inside = false
		}
	}
	return objects.String(), others.String()
}

// Complaints returns the lines of standard error without those that only tell
// how far the go command is.
func Complaints(stderr string) string {
	var kept strings.Builder
	for line := range strings.Lines(stderr) {
		if !progress(line) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// progress reports whether a line of the go command, which puts its name before
// its own messages, tells of what it does and not of what went wrong.
func progress(line string) bool {
	text, ok := strings.CutPrefix(line, "go: ")
	if !ok {
		return false
	}
	verb, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	switch verb {
	case "downloading", "extracting", "finding", "found", // modules
		"added", "removed", "upgraded", "downgraded", // requirements
		"upgrading", "using": // toolchains
		return true
	}
	return strings.Contains(text, "; switching to go")
}
