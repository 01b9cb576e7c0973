package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// kernelMain stands beside a copy of each kernel: what the kernels expect of
// the program around them. The judge of the leaks stands there as well.
const kernelMain = `package main

const yieldCount = 10

var programs = map[string]func(){}

func register(name string, f func()) { programs[name] = f }

func main() {
	for _, f := range programs {
		f()
	}
	Report()
}
`

// kernelRuns is how often a kernel is run before it counts as clean: most leak
// in some orders of events only.
const kernelRuns = 10

// kernels compares the findings in the kernels of the Go distribution with the
// operations at which their goroutines stay blocked, and those in the fixed
// forms with silence. It runs the kernels as they are and after the fixes.
func kernels(e *env) (*outcome, error) {
	dir := filepath.Join(e.dir, "kernels")
	rows, err := readTable(filepath.Join(dir, "kernels.tsv"), 5)
	if err != nil {
		return nil, err
	}
	if err := complete(dir, "", rows); err != nil {
		return nil, err
	}
	copied, err := copyKernels(rows, dir, filepath.Join(e.tmp, "kernels"))
	if err != nil {
		return nil, err
	}
	e.sayf("kernels: analysing them and their fixed forms")
	buggy, err := e.tool.check(copied)
	if err != nil {
		return nil, err
	}
	fixed, err := e.tool.check(dir)
	if err != nil {
		return nil, err
	}
	inBuggy, inFixed := byPackage(buggy, "kernels"), byPackage(fixed, "example.com/kernels")
	o := &outcome{}
	var names []string
	for _, row := range rows {
		names = append(names, row[0])
	}
	before := e.judgeAll("kernels", copied, names, kernelRuns)
	cures, err := e.cures(copied, "kernels", before, kernelRuns)
	if err != nil {
		return nil, err
	}
	t := newTable("kernel", "class", "any", "hit", "fixed form", "checks", "as written", "after safe", "after all", "left")
	sums := map[string]*tally{}
	sum := &cured{}
	for _, row := range rows {
		name, class := row[0], row[1]
		operations, err := numbers(row[2])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all := inBuggy[name]
		hit := slices.ContainsFunc(all, func(f finding) bool {
			return filepath.Base(f.File) == name+".go" && slices.Contains(operations, f.Line)
		})
		silent := len(inFixed[name]) == 0
		for _, key := range []string{class, "all"} {
			if sums[key] == nil {
				sums[key] = &tally{}
			}
			sums[key].add(len(all) > 0, hit, silent)
		}
		if row[4] != "-" && !hit {
			o.shortf("%s: blocked at line %s, got: %s", name, row[2], describe(all))
		}
		if !silent {
			o.shortf("%s: fixed form: %s", name, describe(inFixed[name]))
		}
		verdict := "silent"
		if !silent {
			verdict = "reported"
		}
		sum.add(before[name], cures, name)
		t.row(name, class, mark(len(all) > 0), mark(hit), verdict, listed(all),
			before[name], cures[safe].verdicts[name], cures[review].verdicts[name], listed(cures[review].left[name]))
	}
	t.flush()
	printTallies(sums)
	fmt.Printf("kernels: %v\n", sum)
	return o, nil
}

// A tally counts the kernels of one class.
type tally struct{ n, any, hit, silent, apart int }

func (t *tally) add(any, hit, silent bool) {
	t.n++
	for _, c := range []struct {
		yes bool
		sum *int
	}{{any, &t.any}, {hit, &t.hit}, {silent, &t.silent}, {hit && silent, &t.apart}} {
		if c.yes {
			*c.sum++
		}
	}
}

func printTallies(sums map[string]*tally) {
	goal := &tally{}
	for _, class := range []string{"A", "B", "L"} {
		if s := sums[class]; s != nil {
			goal.n, goal.any, goal.hit = goal.n+s.n, goal.any+s.any, goal.hit+s.hit
			goal.silent, goal.apart = goal.silent+s.silent, goal.apart+s.apart
		}
	}
	sums["A+B+L"] = goal
	t := newTable("\nclass", "kernels", "any", "hit", "fixed silent", "told apart")
	for _, class := range []string{"A", "B", "L", "A+B+L", "C", "D", "R", "all"} {
		if s := sums[class]; s != nil {
			t.row(class, fmt.Sprint(s.n), fmt.Sprint(s.any), fmt.Sprint(s.hit), fmt.Sprint(s.silent), fmt.Sprint(s.apart))
		}
	}
	t.flush()
}

// copyKernels copies each kernel of the Go distribution into a package of its
// own below dir, because the analysis is done per package, and returns dir.
func copyKernels(rows [][]string, material, dir string) (string, error) {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOROOT: %w", err)
	}
	from := filepath.Join(strings.TrimSpace(string(out)), "src/runtime/testdata/testgoroutineleakprofile/goker")
	// etcd7902 needs the loop variables from before Go 1.22.
	if err := write(filepath.Join(dir, "go.mod"), "module kernels\n\ngo 1.21\n"); err != nil {
		return "", err
	}
	judge, err := os.ReadFile(filepath.Join(material, "../leaks/judge/judge.go"))
	if err != nil {
		return "", err
	}
	for _, row := range rows {
		text, err := os.ReadFile(filepath.Join(from, row[0]+".go"))
		if err != nil {
			return "", fmt.Errorf("%w (the kernels came with Go 1.26)", err)
		}
		// The profile that they write exists in some builds only.
		kernel := strings.ReplaceAll(string(text), `Lookup("goroutineleak")`, `Lookup("goroutine")`)
		if err := write(filepath.Join(dir, row[0], row[0]+".go"), kernel); err != nil {
			return "", err
		}
		if err := write(filepath.Join(dir, row[0], "main.go"), kernelMain); err != nil {
			return "", err
		}
		own := strings.Replace(string(judge), "\npackage judge\n", "\npackage main\n", 1)
		if err := write(filepath.Join(dir, row[0], "judge.go"), own); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func write(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o666)
}
