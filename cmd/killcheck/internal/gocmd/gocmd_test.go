package gocmd

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/vetjson"
	"github.com/killcheck/killcheck/internal/regular"
)

func TestComplaints(t *testing.T) {
	const stderr = `go: downloading go1.27.3 (linux/amd64)
go: example.com/m@v1.0.0 requires go >= 1.27.0; switching to go1.27.3
go: finding module for package example.com/p
go: found example.com/p in example.com/p v1.2.0
go: extracting example.com/p v1.2.0
go: added example.com/p v1.2.0
go: updates to go.mod needed; to update it:
	go mod tidy
# example.com/m
m.go:3:1: downloading was never declared
go: example.com/q@v1.0.0: reading https://proxy: 404 Not Found
`
	const want = `go: updates to go.mod needed; to update it:
	go mod tidy
# example.com/m
m.go:3:1: downloading was never declared
go: example.com/q@v1.0.0: reading https://proxy: 404 Not Found
`
	if got := Complaints(stderr); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSeparate(t *testing.T) {
	units, rest := separate("# m\n{\n\t\"m\": {}\n}\n{}\n# n\nn.go:1: bad\n")
	if want := "{\n\t\"m\": {}\n}\n{}\n"; units != want {
		t.Errorf("units %q, want %q", units, want)
	}
	if want := "# m\n# n\nn.go:1: bad\n"; rest != want {
		t.Errorf("rest %q, want %q", rest, want)
	}
}

// fake returns a runner of a script in place of the go command.
func fake(t *testing.T, script string) Runner {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no shell")
	}
	name := filepath.Join(t.TempDir(), "go")
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+script), 0o777); err != nil {
		t.Fatal(err)
	}
	return Runner{Go: name, Dir: t.TempDir()}
}

const unit = `{"m": {"toy": [{"posn": "/m.go:1:1", "message": "leak"}]}}`

func TestVet(t *testing.T) {
	for name, test := range map[string]struct {
		script string
		mixed  bool
		units  int
		said   string
		err    string // a part of it
		exit   int
	}{
		"good":        {script: "echo '" + unit + "'; echo 'go: downloading x v1' >&2", units: 1},
		"mixed":       {script: "echo '# m' >&2; echo '" + unit + "' >&2", mixed: true, units: 1, said: "# m\n"},
		"broken":      {script: "echo '" + unit + "'; echo '# n' >&2; exit 1", units: 1, said: "# n\n", exit: 1},
		"no json":     {script: "echo hello; echo why >&2", said: "why\n", err: "reading the output of go vet"},
		"no json end": {script: "echo '{\"m\": {'", err: "reading the output of go vet"},
		"much":        {script: "echo hello; yes | head -c 1000000", err: "reading the output of go vet"},
	} {
		t.Run(name, func(t *testing.T) {
			units := 0
			said, err := fake(t, test.script).Vet(context.Background(), "tool", test.mixed, nil, func(vetjson.Unit) { units++ })
			if units != test.units || said != test.said {
				t.Errorf("%d units and %q, want %d and %q", units, said, test.units, test.said)
			}
			exit := new(exec.ExitError)
			switch {
			case test.exit != 0:
				if !errors.As(err, &exit) || exit.ExitCode() != test.exit {
					t.Errorf("error %v, want exit %d", err, test.exit)
				}
			case test.err == "" && err != nil, test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)):
				t.Errorf("error %v, want %q", err, test.err)
			}
		})
	}
}

// TestStop shows that what the go command has started ends with the context,
// even if it does not heed an interrupt and holds the pipes open.
func TestStop(t *testing.T) {
	r := fake(t, "(trap '' INT; sleep 3600 & echo > started; wait) & wait")
	r.Grace = 10 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		_, err := r.Vet(ctx, "tool", false, nil, func(vetjson.Unit) {})
		ended <- err
	}()
	for ; ; time.Sleep(time.Millisecond) {
		if _, err := os.Stat(filepath.Join(r.Dir, "started")); err == nil {
			break
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestOutput(t *testing.T) {
	_, err := fake(t, "echo 'go: downloading x v1' >&2; echo 'go: no network' >&2; exit 1").Output(context.Background(), "list")
	if err == nil || err.Error() != "go: no network" {
		t.Errorf("error %v", err)
	}
}

// TestLimits: a go command that prints without end is stopped.
func TestLimits(t *testing.T) {
	for name, run := range map[string]func(Runner) error{
		"list": func(r Runner) error { _, err := r.Output(context.Background(), "list"); return err },
		"vet": func(r Runner) error {
			_, err := r.Vet(context.Background(), "tool", false, nil, func(vetjson.Unit) {})
			return err
		},
	} {
		for what, script := range map[string]string{"many": "yes '" + unit + "'", "one": "printf '{\"m\": {\"toy\": [\"'; yes x | tr -d '\\n'"} {
			r := fake(t, script)
			r.limit = 1 << 20
			if err := run(r); !errors.Is(err, regular.ErrTooLarge) || !strings.Contains(err.Error(), "1 MiB") {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
	// What it complains of is cut, which is no failure.
	said, err := fake(t, "yes | head -c 20000000 >&2; echo '"+unit+"'").Vet(context.Background(), "tool", false, nil, func(vetjson.Unit) {})
	if err != nil || len(said) > maxErrors+100 || !strings.Contains(said, "(cut after 16 MiB)") {
		t.Errorf("%v, %d bytes", err, len(said))
	}
}
