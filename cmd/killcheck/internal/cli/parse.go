// Package cli is what a command line with subcommands needs besides package flag:
// flags behind arguments, pages of help, the word that was meant, and completion
// for shells.
//
// It is no library of others, since users take killcheck into their modules as a
// tool, and what it requires they require. The small libraries (ff, subcommands)
// have neither completion nor nearest words. Those that have them (cobra, kong,
// urfave/cli) bring modules of their own, and take "-checks" for "-c -h -e ...":
// the go command, whose flags are passed on here, knows no such thing.
package cli

import (
	"errors"
	"flag"
	"io"
	"strings"
)

// Parse reads flags that may stand before, between and behind the other arguments,
// which it returns. What follows "--" is no flag. The error of an unknown flag names
// the nearest one, or else the command of that name.
func Parse(fs *flag.FlagSet, args []string, commands []string) (rest []string, err error) {
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	for len(args) > 0 {
		before := args
		if err := fs.Parse(args); err != nil {
			return nil, explain(err, fs, commands)
		}
		args = fs.Args()
		if used := len(before) - len(args); used > 0 && before[used-1] == "--" && !isValue(fs, before[:used-1]) {
			return append(rest, args...), nil
		}
		if len(args) > 0 {
			rest, args = append(rest, args[0]), args[1:]
		}
	}
	return rest, nil
}

// isValue reports whether what follows the arguments is the value of the last of
// them.
func isValue(fs *flag.FlagSet, args []string) bool {
	if len(args) == 0 {
		return false
	}
	last := args[len(args)-1]
	f := fs.Lookup(strings.TrimLeft(last, "-"))
	if f == nil || !strings.HasPrefix(last, "-") {
		return false
	}
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return !ok || !b.IsBoolFlag()
}

// explain adds to the error of package flag what was meant.
func explain(err error, fs *flag.FlagSet, commands []string) error {
	name, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !ok || errors.Is(err, flag.ErrHelp) {
		return err
	}
	for _, command := range commands {
		if command == name {
			return errors.New("unknown flag -" + name + ": there is " + quote(fs.Name()+" "+name))
		}
	}
	var names []string
	fs.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	if near := Nearest(name, names); near != "" {
		return errors.New("unknown flag -" + name + ": did you mean -" + near + "?")
	}
	return errors.New("unknown flag -" + name)
}

func quote(s string) string { return `"` + s + `"` }
