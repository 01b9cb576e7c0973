//go:build linux

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// killRounds names the environment variable that holds how often TestFixKilled
// kills. A few times are enough to see that the test works.
const killRounds = "KILLCHECK_TEST_KILLS"

// A victim is killcheck while it fixes the files of a module.
type victim struct {
	t       *testing.T
	dir     string
	self    string
	mark    string            // NAME=value, in the environment of all its processes
	old     map[string]string // by name
	fixed   map[string]string
	unheard int // signals that ended killcheck before it listens, or after it is done
}

// TestFixKilled kills killcheck -fix, or a process that it has started, at random
// moments and by random signals. Afterwards every file has its old text or its new
// one, nobody writes any more, the exit code is true, and the next run does what is
// left.
func TestFixKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("runs killcheck again and again")
	}
	rounds := 1 // .ci/run killed makes a hundred
	if n, err := strconv.Atoi(os.Getenv(killRounds)); err == nil {
		rounds = n
	}
	v := newVictim(t, 40)
	begin := time.Now()
	if out, code := v.wait(v.start()); code != 0 {
		t.Fatalf("exit %d\n%s", code, out)
	}
	whole := time.Since(begin) // only for choosing moments
	counts := make(map[string]int)
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	for range rounds {
		v.restore()
		counts[v.round(random, whole)]++
		if t.Failed() {
			return
		}
	}
	t.Logf("%d rounds: %v, %d signals came when nobody listened", rounds, counts, v.unheard)
	if v.unheard > 1+rounds/10 {
		t.Errorf("%d of %d signals came when nobody listened", v.unheard, rounds)
	}
	if rounds >= 100 && (counts["some files are new"] == 0 || counts["all files are old"] == 0 || counts["all files are new"] == 0) {
		t.Errorf("the moments were not random: %v", counts)
	}
	if out, code := v.wait(v.start()); code != 0 {
		t.Fatalf("the last run: exit %d\n%s", code, out)
	}
	if state, others := v.state(); state != "all files are new" || len(others) > 0 {
		t.Errorf("in the end %s, and there are %q", state, others)
	}
}

func newVictim(t *testing.T, files int) *victim {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	v := &victim{
		t: t, dir: dir, self: self, mark: "KILLCHECK_TEST_MARK=" + dir,
		old: make(map[string]string), fixed: make(map[string]string),
	}
	v.write("go.mod", "module example.com/m\n\ngo 1.25.0\n")
	for i := range files {
		text := leak("m", fmt.Sprintf("f%d", i)) + strings.Repeat("// that takes a while to write\n", 2000)
		name := fmt.Sprintf("a%d.go", i)
		v.old[name], v.fixed[name] = text, cured(text)
	}
	v.restore()
	return v
}

func (v *victim) write(name, text string) {
	v.t.Helper()
	if err := os.WriteFile(filepath.Join(v.dir, name), []byte(text), 0o666); err != nil {
		v.t.Fatal(err)
	}
}

// restore gives the files their old texts. What was left over stays.
func (v *victim) restore() {
	for name, text := range v.old {
		v.write(name, text)
	}
}

func (v *victim) start() *exec.Cmd {
	v.t.Helper()
	cmd := exec.Command(v.self, "-fix", ".")
	cmd.Dir = v.dir
	cmd.Env = append(os.Environ(), asTool+"=1", v.mark, "GOFLAGS=", "GOWORK=off")
	cmd.Stdout = new(bytes.Buffer)
	cmd.Stderr = cmd.Stdout
	// What killcheck has started may outlive it, and must not hold up the test.
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	return cmd
}

// wait returns what killcheck said and its exit code, -1 if a signal ended it.
func (v *victim) wait(cmd *exec.Cmd) (out string, code int) {
	_ = cmd.Wait() // its code is returned
	return cmd.Stdout.(*bytes.Buffer).String(), cmd.ProcessState.ExitCode()
}

// state says which files are new, and returns the names of files that are none of
// the module's. It fails if a file is neither old nor new.
func (v *victim) state() (state string, others []string) {
	v.t.Helper()
	entries, err := os.ReadDir(v.dir)
	if err != nil {
		v.t.Fatal(err)
	}
	fixed := 0
	for _, e := range entries {
		name := e.Name()
		if v.old[name] == "" {
			if name != "go.mod" {
				others = append(others, name)
			}
			continue
		}
		switch read(v.t, filepath.Join(v.dir, name)) {
		case v.fixed[name]:
			fixed++
		case v.old[name]:
		default:
			v.t.Errorf("%s is neither the old nor the new one", name)
		}
	}
	switch fixed {
	case 0:
		return "all files are old", others
	case len(v.old):
		return "all files are new", others
	}
	return "some files are new", others
}

// round starts killcheck, kills and looks.
func (v *victim) round(random *rand.Rand, whole time.Duration) string {
	v.t.Helper()
	_, before := v.state()
	cmd := v.start()
	ended := make(chan struct{})
	var out string
	var code int
	go func() {
		defer close(ended)
		out, code = v.wait(cmd)
	}()
	moment := time.Duration(random.Int64N(int64(whole)))
	if random.IntN(2) == 0 { // while it writes
		for !v.writing(len(before)) && !over(ended) {
			time.Sleep(time.Millisecond)
		}
		moment /= 4
	}
	select {
	case <-ended:
	case <-time.After(moment):
	}
	signal := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL}[random.IntN(3)]
	target, own := v.target(random, cmd.Process.Pid)
	if !over(ended) {
		_ = syscall.Kill(target, signal) // it may have ended just now
	}
	select {
	case <-ended:
	case <-time.After(3 * time.Minute):
		v.t.Fatalf("killcheck did not end after %v of %d", signal, target)
	}
	atEnd, left := v.state()
	// Those that a killed killcheck has started end by themselves.
	waitFor(v.t, "the processes to end", func() bool { return len(marked(v.mark)) == 0 })
	if state, _ := v.state(); state != atEnd {
		v.t.Errorf("somebody has written after the end: first %s, then %s", atEnd, state)
	}
	killed := own && signal == syscall.SIGKILL && code == -1
	unheard := own && !killed && code == -1 &&
		(out == "" && atEnd == "all files are old" || strings.Contains(out, " in ") && atEnd == "all files are new")
	if unheard {
		v.unheard++
	}
	switch {
	case code == 0 && atEnd != "all files are new":
		v.t.Errorf("exit 0, but %s\n%s", atEnd, out)
	case code == -1 && !killed && !unheard:
		v.t.Errorf("it was ended by %v of %d (itself: %t)\n%s", signal, target, own, out)
	case !killed && len(left) > len(before):
		v.t.Errorf("exit %d, and %q are left over\n%s", code, left, out)
	case code == int(exitInterrupted) && !strings.Contains(out, "killcheck: interrupted\n"),
		code == int(exitInterrupted) && (atEnd != "all files are old") != strings.Contains(out, " in "):
		v.t.Errorf("exit %d, %s, and it says\n%s", code, atEnd, out)
	}
	return atEnd
}

// writing reports whether some file is new or a temporary one is there.
func (v *victim) writing(before int) bool {
	entries, err := os.ReadDir(v.dir)
	if err != nil || len(entries) > len(v.old)+1+before {
		return true
	}
	info, err := os.Stat(filepath.Join(v.dir, "a0.go"))
	return err == nil && info.Size() != int64(len(v.old["a0.go"]))
}

// target chooses killcheck itself or one of the processes that it has started.
func (v *victim) target(random *rand.Rand, killcheck int) (pid int, own bool) {
	if random.IntN(2) == 0 {
		return killcheck, true
	}
	var others []int
	for _, file := range marked(v.mark) {
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil && pid != killcheck {
			others = append(others, pid)
		}
	}
	if len(others) == 0 {
		return killcheck, true
	}
	return others[random.IntN(len(others))], false
}

func over(ended <-chan struct{}) bool {
	select {
	case <-ended:
		return true
	default:
		return false
	}
}
