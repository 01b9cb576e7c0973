package lsp

import (
	"fmt"
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

// neovim gives the editor and its minor version, such as 7 of v0.7.2, or skips
// the test. KILLCHECK_NVIM names another editor than the one of the path.
func neovim(t *testing.T) (path string, minor int) {
	t.Helper()
	if testing.Short() {
		t.Skip("waits for an editor and gopls")
	}
	path = os.Getenv("KILLCHECK_NVIM")
	if path == "" {
		var err error
		if path, err = exec.LookPath("nvim"); err != nil {
			t.Skip(err)
		}
	}
	out, err := exec.Command(path, "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscanf(string(out), "NVIM v0.%d.", &minor); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return path, minor
}

// snippets gives the configurations of the page for users, by the server that
// they start and the function that starts it.
func snippets(t *testing.T) map[string]string {
	t.Helper()
	page, err := os.ReadFile("../../../../docs/editors/neovim.md")
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string]string)
	for _, block := range strings.Split(string(page), "```lua\n")[1:] {
		code, _, _ := strings.Cut(block, "```")
		server := "server"
		if strings.Contains(code, `"killcheck", "gopls"`) {
			server = "proxy"
		}
		for _, starter := range []string{"vim.lsp.start", "vim.lsp.enable"} {
			if strings.Contains(code, starter+"(") {
				found[server+" "+starter] = code
			}
		}
	}
	return found
}

// TestNeovim has a real editor show a finding, apply the fix and save, with the
// proxy before the real gopls and with the server of its own, in each way of the
// page that the editor knows.
func TestNeovim(t *testing.T) {
	nvim, minor := neovim(t)
	var starters []string
	switch {
	case minor < 8:
		starters = []string{"vim.lsp.start_client"}
	case minor < 11:
		starters = []string{"vim.lsp.start"}
	default:
		starters = []string{"vim.lsp.start", "vim.lsp.enable"}
	}
	for _, as := range []string{"proxy", "server"} {
		for _, starter := range starters {
			t.Run(as+" "+starter, func(t *testing.T) { nvimSession(t, nvim, as, starter) })
		}
	}
}

// nvimSession is one life of the editor.
func nvimSession(t *testing.T, nvim, as, starter string) {
	gopls, name := "", "killcheck"
	if as == "proxy" {
		gopls, name = needGopls(t), "gopls"
	}
	script, err := filepath.Abs("../../../../testdata/lsp/nvim.lua")
	if err != nil {
		t.Fatal(err)
	}
	dir := write(t, map[string]string{
		"go.mod":    "module example.com/m\n\ngo 1.25\n",
		"a.go":      "package m\n\nfunc leak() {}\nfunc stop() {}\n\nvar é = \"😀\"; func f() { leak() }\n",
		"notes.txt": "not code\n",
	})
	home := write(t, map[string]string{"killcheck": "#!/bin/sh\nexec \"$KC_SERVER\"\n"})
	if err := os.Chmod(filepath.Join(home, "killcheck"), 0o777); err != nil {
		t.Fatal(err)
	}
	a := filepath.Join(dir, "a.go")
	cmd := exec.Command(nvim, "--headless", "--clean", "-n", "-S", script)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "KC_FILE="+a, "KC_ROOT="+dir, "KC_SERVER="+os.Args[0], "KC_ARGS=",
		role+"="+as, realGopls+"="+gopls, ignorable+"=yes", "XDG_STATE_HOME="+home, "XDG_CACHE_HOME="+home,
		"PATH="+home+string(os.PathListSeparator)+os.Getenv("PATH"))
	wants := []string{"shown after", "6:29 leak with 0 arguments", "offered: call stop (preferred)",
		"offered: do nothing (review)", "explained by the hover", "gone after saving", "the server has ended"}
	if starter != "vim.lsp.start_client" {
		code := snippets(t)[as+" "+starter]
		if code == "" {
			t.Fatal("the page has no such configuration")
		}
		snippet := filepath.Join(home, "snippet.lua")
		if err := os.WriteFile(snippet, []byte(code), 0o666); err != nil {
			t.Fatal(err)
		}
		cmd.Env = append(cmd.Env, "KC_SNIPPET="+snippet)
		wants = append(wants, name+" at its root", "written: //killcheck:ignore toy --")
	}
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range wants {
		if !strings.Contains(string(out), want) {
			t.Errorf("Neovim did not say %q", want)
		}
	}
	if text, err := os.ReadFile(a); err != nil || !strings.Contains(string(text), "func f() { stop() }") {
		t.Errorf("the file holds %q, %v", text, err)
	}
}
