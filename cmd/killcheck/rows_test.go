package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/analyzer"
)

// TestManyRows hands over more rows than an argument can hold. A changed row counts at
// once, and no file is left. With each set of rows the standard library is analysed anew.
func TestManyRows(t *testing.T) {
	long(t)
	const row = "func example.com/jobs.Run blocks sql never use=example.com/jobs.RunContext how=prepend"
	s := newShell(t, map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.25.0\n\nrequire example.com/jobs v0.0.0\n\nreplace example.com/jobs => ./jobs\n",
		"app.go": "package app\n\nimport (\n\t\"context\"\n\n\t\"example.com/jobs\"\n)\n\nfunc Start(ctx context.Context, names []string) { go loop(ctx, names) }\n\n" +
			"func loop(ctx context.Context, names []string) {\n\tfor ctx.Err() == nil {\n\t\tjobs.Run(names[0])\n\t}\n}\n",
	})
	for name, text := range map[string]string{
		"go.mod": "module example.com/jobs\n\ngo 1.25\n", "jobs.s": "",
		"jobs.go": "package jobs\n\nimport \"context\"\n\nfunc Run(name string) int { return run(name) }\n\n" +
			"func RunContext(ctx context.Context, name string) int { return run(name) }\n\nfunc run(name string) int\n",
	} {
		if err := os.MkdirAll(filepath.Join(s.dir, "jobs"), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(s.dir, "jobs", name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var many strings.Builder
	for i := range 4_000 {
		fmt.Fprintf(&many, "func example.com/other.F%d blocks sql never\n", i)
	}
	write := func(rows string) {
		if err := os.WriteFile(filepath.Join(s.dir, "rows.kb"), []byte(rows), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	tmp := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, asTool+"=1", "TMPDIR="+tmp, "GOTMPDIR="+t.TempDir())
	for _, args := range [][]string{{}, {"-fix", "-review"}} {
		write(many.String() + row + "\n")
		args = append(args, "-rows=rows.kb", ".")
		if out, code := s.exit(self, args...); len(args) == 2 && (code != 1 || !strings.HasPrefix(out, "app.go:13:3: uninterruptible: ")) {
			t.Errorf("%q: exit code %d\n%s", args, code, out)
		}
		write(many.String())
		if out, code := s.exit(self, "-rows=rows.kb", "."); code != 0 {
			t.Errorf("the row is gone: exit code %d\n%s", code, out)
		}
	}
	if !strings.Contains(read(t, filepath.Join(s.dir, "app.go")), "jobs.RunContext(ctx, names[0])") {
		t.Error("-fix does not know the rows")
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}

	// The tool takes no other rows than those that the go command has in its key.
	write(row + "\n")
	flag := "-" + analyzer.Analyzer.Name + "." + rowsFlag + "="
	for file, hash := range map[string]string{
		"":                                hashRows([]byte(row + "\n")),
		filepath.Join(s.dir, "none.kb"):   hashRows([]byte(row + "\n")),
		filepath.Join(s.dir, "rows.kb"):   hashRows([]byte(row)),
		filepath.Join(s.dir, "app.go"):    hashRows([]byte(row + "\n")),
		filepath.Join(s.dir, "jobs") + "": rowsHash,
	} {
		s := *s
		s.env = append(s.env, rowsVariable+"="+file)
		if out, code := s.exit("go", "vet", "-vettool="+self, flag+hash, "."); code == 0 || !strings.Contains(out, rowsVariable) {
			t.Errorf("%s, %s: exit code %d\n%s", file, hash, code, out)
		}
	}
}
