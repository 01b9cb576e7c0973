package cli

import (
	"bytes"
	"errors"
	"flag"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func flags() *flag.FlagSet {
	fs := flag.NewFlagSet("tool", flag.ContinueOnError)
	fs.Bool("fix", false, "apply the fixes, [all] of them")
	fs.String("format", "text", "output `format`: text, json")
	fs.String("checks", "core", "it's a `list`")
	fs.String("o", "", "write to `file`")
	return fs
}

var commands = []*Command{
	{
		Summary: "find things", Flags: flags,
		Values: func(flag string) []string {
			return map[string][]string{"format": {"text", "json", "junit"}, "checks": {"core", "endless", "extended"}}[flag]
		},
	},
	{Name: "explain", Summary: "describe a check", Words: []string{"endless", "abandoned"}},
	{Name: "map", Summary: "list: everything", Flags: flags},
}

func TestParse(t *testing.T) {
	for _, test := range []struct {
		args, rest string
		format     string
	}{
		{"", "", "text"},
		{"./a -format=json ./b", "./a ./b", "json"},
		{"-fix ./a -format json", "./a", "json"},
		{"./a -- -format=json", "./a -format=json", "text"},
		{"-- ./a", "./a", "text"},
		{"-format -- ./a", "./a", "--"},
		{"./a -fix -- -o", "./a -o", "text"},
		{"-fix -- -fix -- x", "-fix -- x", "text"},
	} {
		fs := flags()
		rest, err := Parse(fs, strings.Fields(test.args), nil)
		if err != nil || strings.Join(rest, " ") != test.rest || fs.Lookup("format").Value.String() != test.format {
			t.Errorf("%s: %q, format %s, error %v", test.args, rest, fs.Lookup("format").Value, err)
		}
	}
	for args, want := range map[string]string{
		"-formt=json":  `unknown flag -formt: did you mean -format?`,
		"./a --chekcs": `unknown flag -chekcs: did you mean -checks?`,
		"-version":     `unknown flag -version: there is "tool version"`,
		"-quite":       `unknown flag -quite`,
		"-format":      `flag needs an argument: -format`,
		"-fix=perhaps": `invalid boolean value "perhaps" for -fix: parse error`,
	} {
		if _, err := Parse(flags(), strings.Fields(args), []string{"version"}); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", args, err, want)
		}
	}
	if _, err := Parse(flags(), []string{"a", "-h"}, nil); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h behind an argument: %v", err)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"abandoned", "endless", "explain", "map", "heldlock"}
	for word, want := range map[string]string{
		"endles": "endless", "endlesss": "endless", "ednless": "endless", "abandonned": "abandoned", "explian": "explain",
		"mpa": "map", "maps": "map", "lint": "", "x": "", "": "", "held": "", "helplock": "heldlock",
	} {
		if got := Nearest(word, names); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}

func TestHelp(t *testing.T) {
	var b bytes.Buffer
	Help(&b, "tool", &Command{Name: "x", Args: []string{"", "[flags] FILE"}, Summary: "do it", Text: "More.", Examples: []Example{{"tool x a", "one"}}, Flags: flags})
	for _, want := range []string{"tool x: do it.\n", "\ttool x\n\ttool x [flags] FILE\n", "\nMore.\n", "\ttool x a\n\t\tone\n", "-format format"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}

// script returns the completion for a shell, and skips the test if it is not here.
func script(t *testing.T, shell string) string {
	t.Helper()
	if _, err := exec.LookPath(shell); err != nil {
		t.Skip(err)
	}
	var b bytes.Buffer
	if !Complete(&b, shell, "tool", commands) {
		t.Fatal("an unknown shell")
	}
	return b.String()
}

func run(t *testing.T, name string, args ...string) []string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
	return strings.Fields(string(out))
}

func TestBash(t *testing.T) {
	text := script(t, "bash")
	for line, want := range map[string]string{
		"tool e":                  "explain",
		"tool ":                   "explain map",
		"tool explain ":           "endless abandoned",
		"tool explain a":          "abandoned",
		"tool explain abandoned ": "",
		"tool -f":                 "-fix -format",
		"tool ./... -fo":          "-format",
		"tool -format = j":        "json junit",
		"tool -format = ":         "text json junit",
		"tool -format =":          "text json junit",
		"tool -format js":         "json",
		"tool -checks = core,e":   "core,endless core,extended",
		"tool map -ch":            "-checks",
		"tool -fix e":             "", // a command comes first
		"tool ./... map -ch":      "-checks",
	} {
		words := strings.Split(line, " ")
		code := "source /dev/stdin <<'END'\n" + text + "END\nCOMP_WORDS=("
		for _, w := range words {
			code += "'" + w + "' "
		}
		code += ") COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tool; echo ${COMPREPLY[@]}"
		if got := strings.Join(run(t, "bash", "-c", code), " "); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestFish(t *testing.T) {
	text := script(t, "fish")
	for line, want := range map[string][]string{
		"tool e":               {"explain"},
		"tool explain a":       {"abandoned"},
		"tool -form":           {"-format"},
		"tool -format=j":       nil, // fish completes the values of such flags behind a blank
		"tool -format j":       {"json", "junit"},
		"tool map -che":        {"-checks"},
		"tool explain -checks": nil,
	} {
		got := run(t, "fish", "--no-config", "-c", text+"\ncomplete -C '"+line+"'")
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%s: %q lacks %s", line, got, w)
			}
		}
		if len(want) == 0 && slices.Contains(got, "-checks") {
			t.Errorf("%s: %q", line, got)
		}
	}
}

// TestZsh looks at what the script asks of zsh, since its own completion needs a
// terminal.
func TestZsh(t *testing.T) {
	text := script(t, "zsh")
	for line, want := range map[string][]string{
		"tool e":         {"commands", "explain:describe", "map:list:", "-fix[apply"},
		"tool map -":     {"-format=[output", "-checks=[it's"},
		"tool explain x": {"2:argument:(endless"},
		"tool ./... -":   {"-format=[output", ":format:_values", "*:package:_files", `\[all\]`},
	} {
		code := "compdef() { }; _describe() { print -r -- $2 ${(P)2} }; _arguments() { print -rl -- \"$@\" }\n" + text
		code += "\nwords=(" + line + ") CURRENT=" + string(rune('0'+len(strings.Fields(line)))) + "\n_tool\n"
		got := strings.Join(run(t, "zsh", "-f", "-c", code), " ")
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %s in %s", line, w, got)
			}
		}
	}
}

func TestUnknownShell(t *testing.T) {
	if Complete(new(bytes.Buffer), "sh", "tool", commands) {
		t.Error("sh has no completion")
	}
}
