// Command fates measures killcheck on programs whose fate is known, because they were
// made for it. Each is a function that starts one goroutine and ends it, or fails to:
// a way to stop (folder kinds), whole or broken in one of the ways that the kind has,
// in one of many forms, with names that mean nothing and statements that change
// nothing, in one or two packages.
//
// Usage, anywhere in the module:
//
//	go run ./testdata/fates [-seed n] [-n functions] [-killcheck file] [-keep folder] [-least percent] [-v] [-only kind]
//	go run ./testdata/fates -run k
//
// The first form prints what killcheck finds, by kind and breakage. It fails if
// a function that stops is reported, or too few of the others are. With -run it
// builds and runs k functions of each kind and breakage instead, and fails if
// the fate of one is not what its kind says: the kinds are judged, not killcheck.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

type options struct {
	seed      uint64
	n, run    int
	least     float64
	killcheck string
	keep      string
	only      string
	verbose   bool
}

func main() {
	var o options
	flag.Uint64Var(&o.seed, "seed", 1, "where the random numbers begin")
	flag.IntVar(&o.n, "n", 1000, "how many `functions`")
	flag.Float64Var(&o.least, "least", 97, "how many `percent` of the functions that cannot stop must be found")
	flag.IntVar(&o.run, "run", 0, "run this many `functions` of each kind and breakage, to prove their fate")
	flag.StringVar(&o.killcheck, "killcheck", "", "killcheck `file` to measure; built from this module if empty")
	flag.StringVar(&o.keep, "keep", "", "`folder` for the generated module, which then stays")
	flag.StringVar(&o.only, "only", "", "one `kind` alone")
	flag.BoolVar(&o.verbose, "v", false, "print every function that is judged wrongly")
	flag.Parse()
	ok, err := o.main()
	if err != nil {
		fmt.Fprintln(os.Stderr, "fates:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

// main reports whether all is as it should be.
func (o *options) main() (bool, error) {
	kinds, err := readKinds()
	if err != nil {
		return false, err
	}
	if o.only != "" {
		kinds = slices.DeleteFunc(kinds, func(k *kind) bool { return k.name != o.only })
		if len(kinds) == 0 {
			return false, fmt.Errorf("no kind %q", o.only)
		}
	}
	tmp, err := os.MkdirTemp("", "killcheck-fates")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(tmp)
	root, err := moduleRoot()
	if err != nil {
		return false, err
	}
	m := &module{dir: filepath.Join(tmp, "module")}
	if o.keep != "" {
		if m.dir, err = filepath.Abs(o.keep); err != nil {
			return false, err
		}
	}
	r := rand.New(rand.NewPCG(o.seed, 0))
	if o.run > 0 {
		for _, c := range choices(kinds) {
			for range o.run {
				u := &unit{kind: c.kind, breakage: c.breakage}
				u.form(r)
				m.units = append(m.units, u)
			}
		}
	} else {
		m.units = deal(kinds, o.n, r)
	}
	if err := m.write(root, o.seed); err != nil {
		return false, err
	}
	if o.run > 0 {
		return m.prove(tmp)
	}
	if o.killcheck == "" {
		o.killcheck = filepath.Join(tmp, "killcheck")
		build := exec.Command("go", "build", "-o", o.killcheck, "./cmd/killcheck")
		build.Dir = root
		if out, err := build.CombinedOutput(); err != nil {
			return false, fmt.Errorf("build killcheck: %w\n%s", err, out)
		}
	}
	return m.measure(o.killcheck, o.least, o.verbose)
}

// moduleRoot returns the folder of the go.mod in charge, which must be killcheck's own.
func moduleRoot() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Path}} {{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("go list -m: %w", err)
	}
	path, dir, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	if path != "github.com/killcheck/killcheck" {
		return "", fmt.Errorf("run it in the module of killcheck, not in %s", path)
	}
	return dir, nil
}
