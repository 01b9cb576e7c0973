package lsp

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestBuild builds a gopls with the checks and has it check a file. It compiles
// gopls, which takes a minute and more, so it runs only when asked for.
func TestBuild(t *testing.T) {
	if os.Getenv("KILLCHECK_TEST_GOPLS_BUILD") == "" {
		t.Skip("KILLCHECK_TEST_GOPLS_BUILD is not set")
	}
	logged := &safeBuffer{}
	gopls := filepath.Join(t.TempDir(), "gopls")
	b := &Build{Gopls: GoplsVersion, Directory: "../../../..", Output: gopls, Log: logged}
	if err := b.Run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, logged)
	}
	dir := write(t, map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.25\n",
		"a.go": `package m

import "time"

func Start() {
	go func() {
		for {
			time.Sleep(time.Second)
		}
	}()
}
`})
	cmd := exec.Command(gopls, "check", "a.go")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "a.go:7:3") || !strings.Contains(string(out), "goroutine never stops") {
		t.Errorf("gopls check: %v\n%s", err, out)
	}
}
