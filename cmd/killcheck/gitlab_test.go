package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestGitLab runs the scripts of docs/ci/gitlab.md, but for the lines that install
// killcheck: the job alone, and the jobs that share the work.
func TestGitLab(t *testing.T) {
	long(t)
	jobs := blocks(read(t, root+"/docs/ci/gitlab.md"), "yaml")
	if len(jobs) != 3 {
		t.Fatalf("%d blocks", len(jobs))
	}
	s := newShell(t, map[string]string{"go.mod": "module example.com/fetch\n\ngo 1.25.0\n", "fetch.go": leaking})
	if _, ok := s.try("sh", "-c", "true"); !ok {
		t.Skip("no sh")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	gopath := t.TempDir()
	if err := os.Mkdir(filepath.Join(gopath, "bin"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(gopath, "bin", "killcheck"), []byte("#!/bin/sh\nexec '"+self+"' \"$@\"\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, asTool+"=1", "GOPATH="+gopath, "GOMODCACHE="+goEnv(t, "GOMODCACHE"))
	// run runs the script of a job, and returns its exit code.
	run := func(job string, env ...string) int {
		t.Helper()
		one := *s
		one.env = append(one.env, env...)
		lines := 0
		for _, m := range regexp.MustCompile(`(?m)^    - (.*)$`).FindAllStringSubmatch(job, -1) {
			if strings.HasPrefix(m[1], "go install ") {
				continue
			}
			lines++
			if out, code := one.exit("sh", "-e", "-c", m[1]); code != 0 {
				t.Logf("%s: %s", m[1], out)
				return code
			}
		}
		if lines == 0 {
			t.Fatalf("no script in\n%s", job)
		}
		return 0
	}
	if code := run(jobs[0]); code != 1 {
		t.Errorf("the job ends with %d", code)
	}
	whole := read(t, filepath.Join(s.dir, "killcheck.json"))
	shard, merge, ok := strings.Cut(jobs[2], "\nkillcheck-merge:\n")
	of := regexp.MustCompile(`(?m)^  parallel: (\d+)$`).FindStringSubmatch(shard)
	if !ok || of == nil || !strings.Contains(whole, "abandoned") {
		t.Fatalf("no jobs that share the work in\n%s", jobs[2])
	}
	var codes, parts string
	for i := 1; fmt.Sprint(i-1) != of[1]; i++ {
		codes += fmt.Sprint(run(shard, fmt.Sprintf("CI_NODE_INDEX=%d", i), "CI_NODE_TOTAL="+of[1]))
		if part := read(t, filepath.Join(s.dir, fmt.Sprintf("killcheck-%d.json", i))); part != "[]\n" {
			parts += part
		}
	}
	if strings.Count(codes, "1") != 1 || strings.Count(codes, "0") != len(codes)-1 {
		t.Errorf("the jobs end with %s", codes)
	}
	if parts != whole {
		t.Errorf("the jobs report\n%s\nand one alone\n%s", parts, whole)
	}
	if code := run(merge); code != 1 {
		t.Errorf("the job that merges ends with %d", code)
	}
	if out, code := s.exit(self, "-q", "-format=json", "./..."); code != 1 || out != read(t, filepath.Join(s.dir, "killcheck-all.json")) {
		t.Errorf("exit %d: merged is not\n%s", code, out)
	}
	if err := os.Remove(filepath.Join(s.dir, "shard-1.json")); err != nil {
		t.Fatal(err)
	}
	if code := run(merge); code != 2 {
		t.Errorf("without a shard the job that merges ends with %d", code)
	}
}
