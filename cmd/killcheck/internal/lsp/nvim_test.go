package lsp

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// needGopls gives the real gopls, or skips the test.
func needGopls(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("gopls reads a part of the standard library")
	}
	path, err := FindGopls()
	if err != nil {
		t.Skip(err)
	}
	return path
}

// TestNeovim has a real editor show a finding, apply the fix and save, with the
// proxy before the real gopls and with the server of its own.
func TestNeovim(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for an editor and gopls")
	}
	nvim, err := exec.LookPath("nvim")
	if err != nil {
		t.Skip(err)
	}
	script, err := filepath.Abs("../../../../testdata/lsp/nvim.lua")
	if err != nil {
		t.Fatal(err)
	}
	for _, as := range []string{"proxy", "server"} {
		t.Run(as, func(t *testing.T) {
			gopls := ""
			if as == "proxy" {
				gopls = needGopls(t)
			}
			dir := write(t, map[string]string{
				"go.mod": "module example.com/m\n\ngo 1.25\n",
				"a.go":   "package m\n\nfunc leak() {}\nfunc stop() {}\n\nvar é = \"😀\"; func f() { leak() }\n",
			})
			a := filepath.Join(dir, "a.go")
			home := t.TempDir()
			cmd := exec.Command(nvim, "--headless", "--clean", "-n", "-S", script)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "KC_FILE="+a, "KC_ROOT="+dir, "KC_SERVER="+os.Args[0], "KC_ARGS=",
				role+"="+as, realGopls+"="+gopls, "XDG_STATE_HOME="+home, "XDG_CACHE_HOME="+home)
			out, err := cmd.CombinedOutput()
			t.Logf("%s", out)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"shown after", "6:29 leak with 0 arguments", "offered: call stop (preferred)",
				"offered: do nothing (review)", "explained by the hover", "gone after saving", "the server has ended"} {
				if !strings.Contains(string(out), want) {
					t.Errorf("Neovim did not say %q", want)
				}
			}
			if text, err := os.ReadFile(a); err != nil || !strings.Contains(string(text), "func f() { stop() }") {
				t.Errorf("the file holds %q, %v", text, err)
			}
		})
	}
}
