package endless

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/passes/internal/passtest"
	"github.com/killcheck/killcheck/passes/internal/report"
)

func TestOwner(t *testing.T) {
	if testing.Short() {
		t.Skip("reads much of the standard library")
	}
	passtest.Run(t, New(report.Options{Core: true, Review: true}), "owner", "asleep", "hidden/internal/queue")
}

// TestOwnerStops runs the fixed package: each Stop is called twice, before the
// start, while it goes on and by several at once, and the goroutine is gone when
// it returns. With KILLCHECK_TEST_LONG=1 the race detector looks on, for which
// much of the standard library has to be built once more.
func TestOwnerStops(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program")
	}
	dir := t.TempDir()
	copyFile(t, dir, "owner_test.go", "testdata/run/stop.txt")
	sources, err := filepath.Glob("testdata/src/owner/*.go")
	if err != nil || len(sources) == 0 {
		t.Fatal("no sources", err)
	}
	for _, source := range sources {
		fixed := source + ".golden"
		if _, err := os.Stat(fixed); err != nil {
			fixed = source
		}
		copyFile(t, dir, filepath.Base(source), fixed)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module owner\n\ngo 1.25\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	args := []string{"test"}
	if os.Getenv("KILLCHECK_TEST_LONG") != "" {
		args = append(args, "-race")
	}
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil && strings.Contains(string(out), "-race requires cgo") {
		t.Skip("no race detector here")
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func copyFile(t *testing.T, dir, name, from string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
		t.Fatal(err)
	}
}
