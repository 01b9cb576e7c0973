// Command proof measures what killcheck finds and cures on the material beside
// it, and prints one table for each kind:
//
//	kernels    the leak kernels of the Go distribution and their fixed forms
//	leaks      programs that leak: reported, and clean after killcheck -fix
//	leakfixes  leaks that were fixed in real projects: the bug and its fix
//	pairs      programs that the runtime's goroutineleak profile cannot judge
//	corpus     judged findings in public repositories, which lie in the folder -repos
//	commits    commits that fixed leaks in public repositories, which lie in the
//	           folder -repos: the parent of each and the fix. It may fetch modules.
//
// All but leakfixes are run as they are, after the safe fixes (killcheck -fix),
// and after all fixes of all checks (killcheck -fix -review -checks=all).
//
// Usage, anywhere in the module:
//
//	go run ./testdata/proof [-killcheck file] [-repos folder] [-strict] [-v] [kind ...]
//
// Without a kind it runs all of them but corpus and commits. Standard error says
// what is being done. It fails if the material itself is wrong, such as a program
// that should leak and does not; with -strict also if killcheck falls short.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// An env is what each proof works with.
type env struct {
	tool    tool
	dir     string // the testdata folder
	tmp     string // deleted at the end
	repos   string // a folder of clones, for corpus and commits
	verbose bool
	began   time.Time
}

// sayf says on standard error what is being done, and when it began, in minutes and
// seconds from the start.
func (e *env) sayf(format string, args ...any) {
	at := int(time.Since(e.began).Seconds())
	fmt.Fprintf(os.Stderr, "%d:%02d %s\n", at/60, at%60, fmt.Sprintf(format, args...))
}

// An outcome is the result of one proof.
type outcome struct {
	broken []string // faults of the material
	short  []string // where killcheck falls short
}

func (o *outcome) breakf(format string, args ...any) {
	o.broken = append(o.broken, fmt.Sprintf(format, args...))
}

func (o *outcome) shortf(format string, args ...any) {
	o.short = append(o.short, fmt.Sprintf(format, args...))
}

type proof struct {
	name string
	run  func(*env) (*outcome, error)
}

func main() {
	binary := flag.String("killcheck", "", "killcheck `file` to measure; built from this module if empty")
	repos := flag.String("repos", "", "`folder` with clones of the repositories in testdata/corpus and testdata/commits")
	strict := flag.Bool("strict", false, "fail if killcheck falls short")
	verbose := flag.Bool("v", false, "print where killcheck falls short")
	flag.Parse()
	ok, err := run(*binary, *repos, *strict, *verbose, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "proof:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

// run reports whether all named proofs passed.
func run(binary, repos string, strict, verbose bool, names []string) (bool, error) {
	proofs := []proof{{"kernels", kernels}, {"leaks", leaks}, {"leakfixes", leakfixes}, {"pairs", pairs}}
	chosen := proofs
	if len(names) > 0 {
		var err error
		if chosen, err = choose(append(proofs, proof{"corpus", corpora}, proof{"commits", commits}), names); err != nil {
			return false, err
		}
	}
	e := &env{repos: repos, verbose: verbose, began: time.Now()}
	var err error
	if e.tmp, err = os.MkdirTemp("", "killcheck-proof"); err != nil {
		return false, err
	}
	defer os.RemoveAll(e.tmp)
	root, err := moduleRoot()
	if err != nil {
		return false, err
	}
	e.dir = filepath.Join(root, "testdata")
	if binary == "" {
		e.sayf("building killcheck")
	}
	if e.tool, err = newTool(binary, root, e.tmp); err != nil {
		return false, err
	}
	ok := true
	for _, p := range chosen {
		o, err := p.run(e)
		if err != nil {
			return false, fmt.Errorf("%s: %w", p.name, err)
		}
		for _, b := range o.broken {
			fmt.Printf("broken: %s\n", b)
		}
		for _, s := range o.short {
			if verbose {
				fmt.Printf("short: %s\n", s)
			}
		}
		fmt.Println()
		ok = ok && len(o.broken) == 0 && (!strict || len(o.short) == 0)
	}
	return ok, nil
}

func choose(all []proof, names []string) ([]proof, error) {
	var chosen []proof
	for _, name := range names {
		n := len(chosen)
		for _, p := range all {
			if p.name == name {
				chosen = append(chosen, p)
			}
		}
		if len(chosen) == n {
			return nil, fmt.Errorf("unknown kind %q", name)
		}
	}
	return chosen, nil
}

// moduleRoot returns the folder of the go.mod in charge, which must be
// killcheck's own.
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
