package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// runner calls some functions, with a small parameter and with a large one, waits until
// those that stop have stopped, and prints the stacks of what is left.
const runner = `package main

import (
	"io"
	"log"
	"os"
	"runtime"
	"strconv"
	"time"

%s)

func main() {
	log.SetOutput(io.Discard)
	from, _ := strconv.Atoi(os.Args[1])
	seconds, _ := strconv.Atoi(os.Args[2])
	all := []func(int){
%s	}
	for _, f := range all[from:min(from+%d, len(all))] {
		go f(0)
		go f(10)
	}
	time.Sleep(time.Duration(seconds) * time.Second)
	stacks := make([]byte, 64<<20)
	os.Stdout.Write(stacks[:runtime.Stack(stacks, true)])
}
`

// atOnce is how many functions run in one process. Those that never stop keep it busy.
const atOnce = 60

var frame = regexp.MustCompile(`(?m)^\t(/.*\.go):(\d+)`)

// prove runs all functions, and reports whether each left a goroutine behind exactly
// if it is broken.
func (m *module) prove(tmp string) (bool, error) {
	var imports, calls strings.Builder
	for i, u := range m.units {
		if i%perPackage == 0 {
			fmt.Fprintf(&imports, "\t\"example.com/fates/internal/%s\"\n", first(i))
		}
		fmt.Fprintf(&calls, "\t\t%s.%s,\n", first(i), u.entry)
	}
	if err := write(filepath.Join(m.dir, "main.go"), fmt.Sprintf(runner, imports.String(), calls.String(), atOnce)); err != nil {
		return false, err
	}
	binary := filepath.Join(tmp, "fates")
	for _, args := range [][]string{{"vet", "./..."}, {"build", "-o", binary, "."}} {
		cmd := exec.Command("go", args...)
		cmd.Dir = m.dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return false, fmt.Errorf("go %s: %w\n%s", args[0], err, out)
		}
	}
	left := map[*unit]bool{}
	for from := 0; from < len(m.units); from += atOnce {
		// On a busy machine it may take long to stop.
		for _, seconds := range []int{2, 10} {
			done := true
			if err := m.run(binary, from, seconds, left); err != nil {
				return false, err
			}
			for _, u := range m.units[from:min(from+atOnce, len(m.units))] {
				done = done && (u.breakage != "" || !left[u])
			}
			if done {
				break
			}
		}
	}
	ok := true
	for _, u := range m.units {
		if left[u] != (u.breakage != "") {
			ok = false
			p := u.places[0]
			fmt.Printf("left behind %v: %s %s, %s, %s, %s:%d\n", left[u], u.kind.name, u.breakage, u.body, u.starter, p.file, p.from)
		}
	}
	fmt.Printf("fates: %d functions run, the fate of each is as said: %v\n", len(m.units), ok)
	return ok, nil
}

// run runs the functions from one on, and notes which of them left something behind.
func (m *module) run(binary string, from, seconds int, left map[*unit]bool) error {
	var out, errs bytes.Buffer
	cmd := exec.Command(binary, strconv.Itoa(from), strconv.Itoa(seconds))
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	err := cmd.Wait()
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // the commands that it started
	if err != nil {
		return fmt.Errorf("the functions: %w\n%s", err, errs.Bytes())
	}
	for _, u := range m.units[from:min(from+atOnce, len(m.units))] {
		left[u] = false
	}
	for _, f := range frame.FindAllStringSubmatch(out.String(), -1) {
		if line, err := strconv.Atoi(f[2]); err == nil {
			left[m.at(f[1], line)] = true
		}
	}
	return nil
}

func sorted(all []string) []string {
	all = slices.Clone(all)
	slices.Sort(all)
	return all
}
