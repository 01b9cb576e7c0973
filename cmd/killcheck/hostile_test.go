//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/format"
	"github.com/killcheck/killcheck/internal/plain/plaintest"
)

// secret is the text of files that must not be opened.
const secret = "SECRET-OF-ANOTHER"

// hostileLines are line comments that name what is to be opened, or hold what is to
// command a terminal or a log.
func hostileLines(outside string) []string {
	return []string{
		"//line /dev/zero:1", "//line /dev/tty:1", "//line fifo:1", "//line fifo.go:1", "//line " + outside + ":1", "//line .git/config:1",
		"//line y_plan9.go:1", "//line x_plan9.go:1", "//line nosuch.go:1", "//line go.mod:1",
		"//line a\x1b[31m\x1b]0;title\a.go:3", "//line \u202egnp.go:3:1", "//line \u009b2J.go:3", "//line x\ry.go:3",
		"//line ::error::x.go:3", "/*line \n::error::x.go:3:1*/", "/*line \n ##[error]x.go:3:1*/", "//line ##vso[task.x]y.go:3",
	}
}

// hostileModule writes a module whose names and comments are made to harm whoever
// analyses it.
func hostileModule(t *testing.T) string {
	t.Helper()
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(top, "m")
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	outside := filepath.Join(top, "outside.go")
	write("../outside.go", secret+"\n")
	write(".git/config", secret+"\n")
	write("x_plan9.go", secret+"\n") // left out by the build
	write("go.mod", "module example.com/m // "+secret+"\n\ngo 1.25.0\n")
	for i, line := range hostileLines(outside) {
		text := leak("m", fmt.Sprintf("Fetch%d", i))
		write(fmt.Sprintf("f%d.go", i), strings.Replace(text, "\tgo func", line+"\n\tgo func", 1))
	}
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "y_plan9.go")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o666); err != nil {
		t.Fatal(err)
	}
	write("utf8/u.go", "package utf8\n\n//line \xff\xfe.go:1\nfunc f() {}\n")
	write("name/na\x1b[31mme\u202e.go", leak("name", "Fetch"))
	write("imports/f.go", "package imports\n\nimport \"\x1b[31m/x\"\n")
	write("errors/e.go", "package errors\n\n//line \x1b[31mred.go:1\nfunc f() { undefined() }\n")
	write("odd\u202e/o.go", "package odd\n")
	write("directive/d.go", "package directive\n\n//killcheck:ignore \x1b[31m::error:: -- \u202ewhy\nfunc f() {}\n\n//killcheck:\x1b[2J\nfunc g() {}\n")
	return dir
}

// A ran is how a run of the program ended.
type ran struct {
	stdout, stderr string
	code           int
	peak           int64 // bytes of memory; of killcheck itself
}

func runTool(t *testing.T, dir string, env []string, args ...string) ran {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute) // a net: nothing here takes long
	defer cancel()
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), asTool+"=1", "GOFLAGS=", "GOWORK=off", "NO_COLOR="), env...)
	cmd.Stdin = nil
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	_ = cmd.Run() // the code is looked at
	if ctx.Err() != nil {
		t.Fatalf("killcheck %q hangs", args)
	}
	r := ran{stdout: stdout.String(), stderr: stderr.String(), code: cmd.ProcessState.ExitCode()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.peak = int64(usage.Maxrss) << 10
	}
	return r
}

// own are the commands that killcheck itself gives.
var own = regexp.MustCompile("\x1b\\[(0|1|34|32|1;31)m|(?m)^::(warning|notice) file=")

// TestHostileModule analyses code that is made to harm, in every format and by every
// way to standard error. Nothing of it is opened, and nothing gets through raw.
func TestHostileModule(t *testing.T) {
	if testing.Short() {
		t.Skip("runs go vet a score of times")
	}
	dir := hostileModule(t)
	lines := hostileLines("")
	type call struct {
		name string
		args []string
		code exitCode
		all  bool // every finding has to be there
	}
	calls := []call{
		{"frames", []string{"-color=always", "./..."}, exitFailure, true},
		{"verbose", []string{"-v", "-color=never", "./..."}, exitFailure, true},
		{"map", []string{"map", "./..."}, exitFailure, true},
		{"in process", []string{"-driver=inprocess", "-color=always", "./..."}, exitFailure, true},
		{"one package", []string{"-color=always", "."}, exitFindings, true},
		{"diff", []string{"-diff", "./..."}, exitFailure, false},
		{"a package that is not there", []string{"./\x1b[31mnosuch\u202e"}, exitFailure, false},
		{"a file that is not there", []string{"\x1b[31mnosuch\n::error::x.go"}, exitFailure, false},
		{"explain", []string{"explain", "\x1b[31m\n::error::x"}, exitFailure, false},
		{"checks", []string{"-checks=\x1b[31m"}, exitFailure, false},
		{"baseline", []string{"-baseline=\x1b[31mnosuch", "."}, exitFailure, false},
		{"revision", []string{"-new-from-rev=\x1b[31m", "."}, exitFailure, false},
	}
	look := func(t *testing.T, c call, r ran) {
		t.Helper()
		if r.code != int(c.code) {
			t.Errorf("exit code %d, want %d", r.code, c.code)
		}
		stdout := r.stdout
		if c.name != "map" && c.all {
			if n := strings.Count(stdout, "cannot end its send"); n < len(lines) {
				t.Errorf("%d findings, want %d", n, len(lines))
			}
		}
		if bad := plaintest.Dangerous(own.ReplaceAllString(stdout, "")); bad != "" {
			t.Errorf("standard output holds %s", bad)
		}
		if bad := plaintest.Dangerous(r.stderr); bad != "" {
			t.Errorf("standard error holds %s:\n%q", bad, r.stderr)
		}
		if c.all && c.name != "one package" && !strings.Contains(r.stdout+r.stderr, `\u001b`) {
			t.Error("the names that cannot be shown are missing")
		}
		if strings.Contains(r.stdout+r.stderr, secret) {
			t.Error("a file was opened that is not analysed")
		}
		if r.peak > 2<<30 {
			t.Errorf("it took %d MiB", r.peak>>20)
		}
		if t.Failed() {
			t.Logf("stdout %.4000q\nstderr %.4000q", r.stdout, r.stderr)
		}
	}
	for _, c := range calls {
		t.Run(c.name, func(t *testing.T) { look(t, c, runTool(t, dir, nil, c.args...)) })
	}
	// One run writes all formats: the first to standard output, the others to files.
	out := t.TempDir()
	formats := format.Names()
	list := formats[0]
	for _, name := range formats[1:] {
		list += "," + name + ":" + filepath.Join(out, name)
	}
	r := runTool(t, dir, nil, "-format="+list, "./...")
	for i, name := range formats {
		t.Run(name, func(t *testing.T) {
			if i > 0 {
				r.stdout = read(t, filepath.Join(out, name))
			}
			look(t, call{name: name, code: exitFailure, all: true}, r)
		})
	}
}

// TestHostileVet runs go vet itself, which prints what the tool says as it is.
func TestHostileVet(t *testing.T) {
	dir := hostileModule(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "vet", "-vettool="+self, ".", "./directive")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asTool+"=1", "GOFLAGS=", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err == nil || !bytes.Contains(out, []byte("cannot end its send")) {
		t.Fatalf("%v\n%s", err, out)
	}
	if bad := plaintest.Dangerous(string(out)); bad != "" {
		t.Errorf("%s in\n%q", bad, out)
	}
}

// TestHostileServer opens the files in the language server. It answers, and says what
// it found in the files that can be shown.
func TestHostileServer(t *testing.T) {
	dir := hostileModule(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, self, "lsp")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asTool+"=1", "GOFLAGS=", "GOWORK=off")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	send := func(method string, id int, params any) {
		m := map[string]any{"jsonrpc": "2.0", "method": method, "params": params}
		if id > 0 {
			m["id"] = id
		}
		data, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(in, "Content-Length: %d\r\n\r\n%s", len(data), data)
	}
	send("initialize", 1, map[string]any{"capabilities": map[string]any{
		"textDocument": map[string]any{"publishDiagnostics": map[string]any{"relatedInformation": true}}}})
	send("initialized", 0, map[string]any{})
	text, err := os.ReadFile(filepath.Join(dir, "f0.go"))
	if err != nil {
		t.Fatal(err)
	}
	send("textDocument/didOpen", 0, map[string]any{"textDocument": map[string]any{
		"uri": "file://" + filepath.Join(dir, "f0.go"), "languageId": "go", "version": 1, "text": string(text)}})
	var got bytes.Buffer
	for buf := make([]byte, 1<<16); !bytes.Contains(got.Bytes(), []byte("cannot end its send")); {
		n, err := out.Read(buf)
		got.Write(buf[:n])
		if err != nil {
			t.Fatalf("%v\n%s\n%s", err, got.String(), stderr.String())
		}
	}
	send("shutdown", 2, nil)
	send("exit", 0, nil)
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, stderr.String())
	}
	if bad := plaintest.Dangerous(stderr.String()); bad != "" {
		t.Errorf("%s in the log\n%q", bad, stderr.String())
	}
	if strings.Contains(got.String(), secret) {
		t.Error("a file was opened that is not analysed")
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok && usage.Maxrss<<10 > 2<<30 {
		t.Errorf("it took %d MiB", usage.Maxrss>>10)
	}
}

// TestDevices names devices, FIFOs and files without end where killcheck reads one.
func TestDevices(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/m\n\ngo 1.25.0\n", "a.go": "package m\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o666); err != nil {
		t.Fatal(err)
	}
	large, err := os.Create(filepath.Join(dir, "large"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(large.Truncate(1<<40), large.Close()); err != nil {
		t.Skip(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bad.json"), []byte("{\n\n x"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"-rows", "-baseline", "-overlay"} {
		for file, want := range map[string]string{"/dev/zero": "not a regular file", "fifo": "not a regular file", "large": "too large: more than ", ".": "not a regular file"} {
			r := runTool(t, dir, nil, flag+"="+file, ".")
			if r.code != int(exitFailure) || !strings.Contains(r.stderr, want) || r.stdout != "" || r.peak > 1<<30 {
				t.Errorf("%s=%s: exit code %d, %d MiB\n%s", flag, file, r.code, r.peak>>20, r.stderr)
			}
		}
		if r := runTool(t, dir, nil, flag+"=bad.json", "."); r.code != int(exitFailure) || !regexp.MustCompile(`bad\.json:[13]: `).MatchString(r.stderr) {
			t.Errorf("%s: exit code %d\n%s", flag, r.code, r.stderr)
		}
	}
	for _, args := range [][]string{{"lsp", "-rows=/dev/zero"}, {"lsp", "-rows=fifo"}} {
		if r := runTool(t, dir, nil, args...); r.code != int(exitFailure) || !strings.Contains(r.stderr, "not a regular file") {
			t.Errorf("%q: exit code %d\n%s", args, r.code, r.stderr)
		}
	}
}
