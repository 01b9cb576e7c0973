package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// The levels of fixes: those that the core checks call safe, and all fixes of all
// checks.
const (
	safe   = "safe"
	review = "review"
)

var levels = [...]string{safe, review}

// A cure is what the fixes of one level did to the programs of a module.
type cure struct {
	left     map[string][]finding // still reported, by program
	verdicts map[string]string    // of the programs
}

// cures fixes copies of a module, one for each level, and judges its programs.
// beside are folders next to it that it needs.
func (e *env) cures(dir, module string, programs []string, runs int, beside ...string) (map[string]*cure, error) {
	all := make(map[string]*cure)
	for _, level := range levels {
		root := filepath.Join(e.tmp, filepath.Base(dir)+"-"+level)
		for _, from := range append([]string{dir}, beside...) {
			if err := os.CopyFS(filepath.Join(root, filepath.Base(from)), os.DirFS(from)); err != nil {
				return nil, err
			}
		}
		copied := filepath.Join(root, filepath.Base(dir))
		left, err := e.tool.fix(copied, level)
		if err != nil {
			return nil, err
		}
		all[level] = &cure{byPackage(left, module), e.judgeAll(copied, programs, runs)}
	}
	return all, nil
}

// cured counts the programs that leaked before and are clean after the fixes of
// each level, and prints the sums.
type cured struct{ leaked, safe, review int }

func (c *cured) add(before string, cures map[string]*cure, program string) {
	if !leaked(before) {
		return
	}
	c.leaked++
	if cures[safe].verdicts[program] == clean {
		c.safe++
	}
	if cures[review].verdicts[program] == clean {
		c.review++
	}
}

func (c *cured) String() string {
	return fmt.Sprintf("of %d that leak, %d are clean after the safe fixes and %d after all fixes", c.leaked, c.safe, c.review)
}
