package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// programTime is how long a program may run. Its judge takes a second.
const programTime = 15 * time.Second

// workers is how many programs are run at once. They mostly wait.
const workers = 8

// judgeAll judges the packages in the module at dir. Each is run until it leaks,
// but not more often than runs. What says which form of the programs that is.
func (e *env) judgeAll(what, dir string, pkgs []string, runs int) map[string]string {
	verdicts := make(map[string]string)
	const some = 10 // programs from one line of progress to the next
	e.sayf("%s: building and running %d programs", what, len(pkgs))
	e.buildAll(dir, pkgs)
	builds := make(chan struct{}, runtime.GOMAXPROCS(0))
	var mu sync.Mutex
	var wg sync.WaitGroup
	next := make(chan string)
	for range workers {
		wg.Go(func() {
			for pkg := range next {
				verdict := e.judge(dir, pkg, runs, builds)
				mu.Lock()
				verdicts[pkg] = verdict
				if n := len(verdicts); n%some == 0 && n < len(pkgs) {
					e.sayf("%s: %d of %d programs have run", what, n, len(pkgs))
				}
				mu.Unlock()
			}
		})
	}
	for _, pkg := range pkgs {
		next <- pkg
	}
	close(next)
	wg.Wait()
	return verdicts
}

// buildAll builds the packages at once, which reads what they import only once, where
// no two would get one name. Those that it does not build are built when they are judged.
func (e *env) buildAll(dir string, pkgs []string) {
	args := []string{"build", "-ldflags=-s -w", "-o", e.binary(dir, "")}
	for _, pkg := range pkgs {
		if strings.Contains(pkg, "/") {
			return
		}
		args = append(args, "./"+pkg)
	}
	if len(pkgs) < 2 || os.MkdirAll(e.binary(dir, ""), 0o777) != nil {
		return
	}
	build := exec.Command("go", args...)
	build.Dir = dir
	build.Run()
}

// binary returns where the program of a package goes.
func (e *env) binary(dir, pkg string) string {
	return filepath.Join(e.tmp, "bin-"+filepath.Base(dir), strings.ReplaceAll(pkg, "/", "-"))
}

// judge builds the package in the module at dir, runs it, and returns its last
// line: clean, leaked N, or what went wrong. If the runtime has a goroutineleak
// profile (GOEXPERIMENT=goroutineleakprofile in Go 1.26), what that profile
// sees of a leak is added. A build takes a place of the channel; there is none if the
// program is there already.
func (e *env) judge(dir, pkg string, runs int, builds chan struct{}) string {
	binary := e.binary(dir, pkg)
	defer os.Remove(binary)
	if _, err := os.Stat(binary); err != nil {
		// Without the tables of a debugger, which take half of the time to link.
		build := exec.Command("go", "build", "-ldflags=-s -w", "-o", binary, "./"+pkg)
		build.Dir = dir
		builds <- struct{}{}
		out, err := build.CombinedOutput()
		<-builds
		if err != nil {
			return "does not build: " + firstError(out)
		}
	}
	verdict := ""
	for range runs {
		if verdict = e.run(binary); verdict != clean {
			break
		}
	}
	return verdict
}

// clean is the verdict on a program that leaves no goroutine behind.
const clean = "clean"

// run runs a program once, and returns what it says of itself.
func (e *env) run(binary string) string {
	ctx, cancel := context.WithTimeout(context.Background(), programTime)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, binary)
	cmd.Dir = e.tmp
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.WaitDelay = time.Second
	if _, err := cmd.StdinPipe(); err != nil { // stays open and silent
		return "fails: " + err.Error()
	}
	if err := cmd.Run(); err != nil {
		return fmt.Sprintf("fails: %v: %s", err, firstError(errs.Bytes()))
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	last := lines[len(lines)-1]
	if n := len(lines) - 2; n >= 0 && strings.HasPrefix(lines[n], "profile ") {
		return last + ", " + lines[n]
	}
	return last
}

func leaked(verdict string) bool { return strings.HasPrefix(verdict, "leaked ") }

// firstError returns the first line that is no package heading.
func firstError(out []byte) string {
	for _, line := range strings.Split(string(out), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return ""
}
