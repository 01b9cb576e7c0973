package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the output files of the scripts and goldens")

// TestScript runs the scripts under testdata/script. Each is a txtar archive:
// the comment holds the commands, and the files are the working directory.
//
//	killcheck ARGS   run the tool; so do go and git
//	exit N           the last command must have ended with N (otherwise with 0)
//	stdout FILE      its standard output must be that of FILE in the archive
//	stdout /REGEXP/  its standard output must match; so does stderr
//	stdout -         nothing must have been printed; so does stderr
//	same A B         two files must be equal
//	save FILE        write the standard output of the last command to FILE
//	need PROGRAM     skip the test if there is no such program
//	short            the rest takes seconds: leave it out with -short
//	long             the rest takes long: leave it out unless KILLCHECK_TEST_LONG is set
//	cp A B, cd DIR, env K=V, append FILE TEXT
//	module PATH@VERSION DIR  put the files of DIR as a module into the module proxy "proxy"
//	toolchain GO     use another go command, or skip the test if it was not downloaded
//	toolchain newer GO  also skip it unless that go command is newer than the one of the test
func TestScript(t *testing.T) {
	files, err := filepath.Glob("../../testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runScript(t, file)
		})
	}
}

// A script is the state of one run.
type script struct {
	t       *testing.T
	file    string
	archive *txtar.Archive
	work    string // the root of the files
	dir     string
	env     []string

	code           int
	checked        bool // the exit code was looked at
	stdout, stderr string
	changed        bool // the archive is to be written
	ended          bool // the rest is left out
}

func runScript(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	work, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &script{t: t, file: file, archive: archive, work: work, dir: work, checked: true}
	s.env = append(os.Environ(), asTool+"=1", "NO_COLOR=", "GOFLAGS=-modcacherw", "GOWORK=off", "GONOSUMDB=example.com",
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	for _, f := range archive.Files {
		s.write(f.Name, f.Data)
	}
	for i, line := range strings.Split(string(archive.Comment), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || s.ended {
			continue
		}
		if err := s.step(line); err != nil {
			t.Fatalf("%s:%d: %s: %v\nexit %d\nstdout:\n%s\nstderr:\n%s", filepath.Base(file), i+1, line, err, s.code, s.stdout, s.stderr)
		}
	}
	if !s.checked && s.code != 0 {
		t.Fatalf("%s: the last command ended with %d\n%s", filepath.Base(file), s.code, s.stderr)
	}
	if s.changed {
		if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *script) step(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	args := strings.Fields(os.Expand(rest, s.variable))
	switch verb {
	case "killcheck", "go", "git":
		if !s.checked && s.code != 0 {
			return fmt.Errorf("the command before ended with %d", s.code)
		}
		return s.run(verb, args)
	case "exit":
		s.checked = true
		if want, err := strconv.Atoi(rest); err != nil || want != s.code {
			return fmt.Errorf("ended with %d", s.code)
		}
	case "stdout":
		return s.compare(s.stdout, rest)
	case "stderr":
		return s.compare(s.stderr, rest)
	case "same":
		if a, b := s.read(args[0]), s.read(args[1]); a != b {
			return fmt.Errorf("they differ:\n%s\n---\n%s", a, b)
		}
	case "save":
		s.write(args[0], []byte(s.stdout))
	case "cp":
		s.write(args[1], []byte(s.read(args[0])))
	case "append":
		name, text, _ := strings.Cut(rest, " ")
		s.write(name, []byte(s.read(name)+text+"\n"))
	case "need":
		if _, err := exec.LookPath(rest); err != nil {
			s.t.Skip(err)
		}
	case "short":
		s.ended = testing.Short()
	case "long":
		s.ended = os.Getenv(longVariable) == ""
	case "cd":
		s.dir = filepath.Join(s.work, rest)
	case "module":
		return s.module(args[0], args[1])
	case "env":
		s.env = append(s.env, os.Expand(rest, s.variable))
	case "toolchain":
		if newer, ok := strings.CutPrefix(rest, "newer "); ok {
			if rest = newer; version.Compare(rest, runtime.Version()) <= 0 {
				s.t.Skipf("%s is not newer than %s", rest, runtime.Version())
			}
		}
		env := append(s.env, "GOTOOLCHAIN="+rest)
		s.env = append(env, "GOPROXY=off") // it is large
		if err := s.run("go", []string{"version"}); err != nil || s.code != 0 {
			s.t.Skipf("%s is not here", rest)
		}
		s.env = env
	default:
		return errors.New("unknown command")
	}
	return nil
}

// module writes the files of a directory, without those below it, as the go
// command expects them of a proxy.
func (s *script) module(name, dir string) error {
	path, version, _ := strings.Cut(name, "@")
	names, err := filepath.Glob(filepath.Join(s.work, dir, "*"))
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for _, file := range names {
		file = filepath.Base(file)
		f, err := w.Create(name + "/" + file)
		if err != nil {
			return err
		}
		if _, err := f.Write([]byte(s.read(filepath.Join(dir, file)))); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	at := filepath.Join("proxy", path, "@v", version)
	s.write(at+".zip", packed.Bytes())
	s.write(at+".mod", []byte(s.read(filepath.Join(dir, "go.mod"))))
	s.write(at+".info", fmt.Appendf(nil, `{"Version": %q}`, version))
	return nil
}

func (s *script) variable(name string) string {
	switch name {
	case "WORK":
		return s.work
	case "KILLCHECK":
		self, err := os.Executable()
		if err != nil {
			s.t.Fatal(err)
		}
		return self
	}
	return "${" + name + "}"
}

func (s *script) run(name string, args []string) error {
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Minute)
	defer cancel()
	if name == "killcheck" {
		name = s.variable("KILLCHECK")
	} else if _, err := exec.LookPath(name); err != nil {
		s.t.Skip(err)
	}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = s.dir
	cmd.Env = append(s.env, "PWD="+s.dir)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		return err
	}
	s.code, s.checked = cmd.ProcessState.ExitCode(), false
	clean := strings.NewReplacer(s.work, "$WORK", runtime.Version(), "$GOVERSION")
	s.stdout, s.stderr = clean.Replace(stdout.String()), clean.Replace(stderr.String())
	return nil
}

// compare compares output with a pattern, or with a file of the archive,
// which -update rewrites.
func (s *script) compare(got, want string) error {
	if want == "-" {
		if got != "" {
			return errors.New("it is not empty")
		}
		return nil
	}
	if pattern, ok := strings.CutPrefix(want, "/"); ok {
		re, err := regexp.Compile("(?m)" + strings.TrimSuffix(pattern, "/"))
		if err != nil {
			return err
		}
		if !re.MatchString(got) {
			return errors.New("no match")
		}
		return nil
	}
	for i := range s.archive.Files {
		f := &s.archive.Files[i]
		if f.Name != want {
			continue
		}
		if string(f.Data) == got {
			return nil
		}
		if *update {
			f.Data, s.changed = []byte(got), true
			return nil
		}
		return fmt.Errorf("want:\n%s", f.Data)
	}
	return fmt.Errorf("the archive has no file %s", want)
}

func (s *script) read(name string) string {
	data, err := os.ReadFile(filepath.Join(s.work, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return string(data)
}

func (s *script) write(name string, data []byte) {
	name = filepath.Join(s.work, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o666); err != nil {
		s.t.Fatal(err)
	}
}
