package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
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
	changed  map[string]bool      // the programs with a fix: others may be clean by chance
}

// cures fixes copies of a module, one for each level, and judges the programs that
// this has changed. before are the verdicts on the programs as they were, beside
// the folders next to the module that it needs.
func (e *env) cures(dir, module string, before map[string]string, runs int, beside ...string) (map[string]*cure, error) {
	all := make(map[string]*cure)
	name := filepath.Base(dir)
	last, verdicts := dir, before // the form that the next is compared with
	for _, level := range levels {
		e.sayf("%s: writing the fixes: %s", name, level)
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
		c := &cure{byPackage(left, module), maps.Clone(verdicts), make(map[string]bool)}
		var news []string
		for _, p := range slices.Sorted(maps.Keys(before)) {
			if c.changed[p], err = differ(filepath.Join(dir, p), filepath.Join(copied, p)); err != nil {
				return nil, err
			}
			if again, err := differ(filepath.Join(last, p), filepath.Join(copied, p)); err != nil {
				return nil, err
			} else if again {
				news = append(news, p)
			}
		}
		maps.Copy(c.verdicts, e.judgeAll(name+" after the fixes: "+level, copied, news, runs))
		all[level] = c
		last, verdicts = copied, c.verdicts
	}
	return all, nil
}

// differ reports whether a file of the folder has another text in the copy.
func differ(dir, copied string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false, err
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		a, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return false, err
		}
		b, err := os.ReadFile(filepath.Join(copied, e.Name()))
		if err != nil {
			return false, err
		}
		if !bytes.Equal(a, b) {
			return true, nil
		}
	}
	return false, nil
}

// cured counts the programs that leaked before and are clean after the fixes of
// each level, and prints the sums.
type cured struct{ leaked, safe, review int }

func (c *cured) add(before string, cures map[string]*cure, program string) {
	if !leaked(before) {
		return
	}
	c.leaked++
	if by := cures[safe]; by.changed[program] && by.verdicts[program] == clean {
		c.safe++
	}
	if by := cures[review]; by.changed[program] && by.verdicts[program] == clean {
		c.review++
	}
}

func (c *cured) String() string {
	return fmt.Sprintf("of %d that leak, %d are cured by the safe fixes and %d by all fixes", c.leaked, c.safe, c.review)
}
