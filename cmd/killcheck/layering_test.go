package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/killcheck/killcheck"

// An arrow says what the packages below a folder may import. The first arrow
// that matches a package counts.
type arrow struct {
	from string   // a folder, or "" for the rest
	to   []string // folders of the module and prefixes of other modules
}

// Arrows is the layering of the module: cmd -> passes -> analyzer -> x/tools.
var arrows = []arrow{
	{"cmd/killcheck/gclplugin", []string{"cmd/killcheck/internal/config", "cmd/killcheck/internal/selection", "internal/regular", "passes", "analyzer", "analyzer/kb", "golang.org/x/tools/", "github.com/golangci/plugin-module-register"}},
	{"cmd/killcheck/internal/cli", nil},
	{"cmd/killcheck/internal/ignore", []string{"analyzer/directive"}},
	{"cmd/killcheck/internal/picture", nil},
	{"cmd/killcheck/internal/selection", []string{"cmd/killcheck/internal/cli"}},
	{"cmd/killcheck/internal/config", []string{"cmd/killcheck/internal", "internal", "analyzer/kb", "golang.org/x/tools/", "go.yaml.in/yaml/"}},
	{"cmd", []string{"cmd", "internal", "passes", "analyzer", "golang.org/x/mod/", "golang.org/x/tools/"}},
	{"passes/internal/remedy", []string{"analyzer", "golang.org/x/tools/"}},
	{"passes/internal/fix/edit", aboveRemedy()},
	{"passes/internal/fix/stopcheck", aboveRemedy("edit")},
	{"passes/internal/fix/room", aboveRemedy("edit")},
	{"passes/internal/fix/owner", aboveRemedy("edit", "stopcheck")},
	{"passes/internal/fix/wake", aboveRemedy("edit")},
	{"passes/internal/fix/release", aboveRemedy("edit", "stopcheck")},
	{"passes/internal/fix/promote", aboveRemedy("edit")},
	{"passes/internal/fix", aboveRemedy("")},
	{"passes/internal", []string{"internal", "passes/internal", "analyzer", "golang.org/x/tools/"}},
	{"passes", []string{"internal", "passes", "analyzer", "golang.org/x/tools/"}},
	{"internal", []string{"internal"}},
	{"analyzer/kb", nil},
	{"analyzer/directive", nil},
	{"analyzer/code", []string{"golang.org/x/tools/"}},
	{"analyzer/flow", []string{"analyzer/code", "golang.org/x/tools/"}},
	{"analyzer/signal", []string{"analyzer/code", "analyzer/flow", "analyzer/kb", "golang.org/x/tools/"}},
	{"analyzer/spawn", []string{"analyzer/code", "analyzer/flow", "analyzer/kb", "analyzer/signal", "analyzer/summary", "golang.org/x/tools/"}},
	{"analyzer/summary", []string{"analyzer/flow", "analyzer/kb", "golang.org/x/tools/"}},
	{"analyzer/program", []string{"analyzer/code", "analyzer/directive", "analyzer/flow", "analyzer/kb", "analyzer/signal", "analyzer/spawn", "analyzer/summary", "golang.org/x/tools/"}},
	{"analyzer/callee", []string{"analyzer/code", "analyzer/kb", "analyzer/program", "analyzer/signal", "analyzer/summary", "golang.org/x/tools/"}},
	{"analyzer/event", []string{"analyzer/code", "analyzer/flow", "analyzer/kb", "analyzer/program", "analyzer/signal", "analyzer/spawn", "golang.org/x/tools/"}},
	{"analyzer/dead", aboveEvent},
	{"analyzer/lost", aboveEvent},
	{"analyzer/group", aboveEvent},
	{"analyzer/count", append([]string{"analyzer/group"}, aboveEvent...)},
	{"analyzer/lock", aboveEvent},
	{"analyzer/handle", aboveEvent},
	{"analyzer/owner", aboveEvent},
	{"analyzer/capacity", append([]string{"analyzer/count"}, aboveEvent...)},
	{"analyzer/circle", append([]string{"analyzer/count", "analyzer/group"}, aboveEvent...)},
	{"analyzer/join", append([]string{"analyzer/group"}, aboveEvent...)},
	{"analyzer/notify", append([]string{"analyzer/count", "analyzer/group"}, aboveEvent...)},
	{"analyzer/raiser", append([]string{"analyzer/circle", "analyzer/count"}, aboveEvent...)},
	{"analyzer/peer", append([]string{"analyzer/capacity", "analyzer/count", "analyzer/join", "analyzer/raiser"}, aboveEvent...)},
	{"analyzer/standstill", append([]string{"analyzer/group"}, aboveEvent...)},
	{"analyzer/held", append([]string{"analyzer/count", "analyzer/group", "analyzer/join", "analyzer/lock"}, aboveEvent...)},
	{"analyzer/interrupt", append([]string{"analyzer/handle"}, aboveEvent...)},
	{"analyzer/wake", append([]string{"analyzer/callee", "analyzer/capacity", "analyzer/group", "analyzer/handle"}, aboveEvent...)},
	{"analyzer/wait", append([]string{"analyzer/callee", "analyzer/capacity", "analyzer/handle", "analyzer/interrupt", "analyzer/wake"}, aboveEvent...)},
	{"analyzer/verdict", append([]string{"analyzer/callee", "analyzer/capacity", "analyzer/handle", "analyzer/wait", "analyzer/wake"}, aboveEvent...)},
	{"analyzer/explain", append([]string{"analyzer/verdict", "analyzer/wait", "analyzer/wake"}, aboveEvent...)},
	{"analyzer/leftopen", append([]string{"analyzer/callee", "analyzer/handle", "analyzer/verdict", "analyzer/wait", "analyzer/wake"}, aboveEvent...)},
	{"analyzer/fault", append([]string{"analyzer/callee", "analyzer/peer", "analyzer/verdict", "analyzer/wait", "analyzer/wake"}, aboveEvent...)},
	{"analyzer/model", []string{"analyzer", "golang.org/x/tools/"}},
	{"analyzer", []string{"analyzer", "internal/regular", "golang.org/x/tools/"}},
	{"promote", []string{"promote"}},
}

// aboveEvent is what the rooms that stand side by side above package event may
// import: none of them imports another.
var aboveEvent = []string{"analyzer/code", "analyzer/event", "analyzer/flow", "analyzer/kb", "analyzer/program", "analyzer/signal", "analyzer/spawn", "analyzer/summary", "golang.org/x/tools/"}

// aboveRemedy returns what a family of fixes may import: the remedies, what the
// engine knows, and the rooms of the fixes that are named.
func aboveRemedy(rooms ...string) []string {
	to := []string{"passes/internal/remedy", "analyzer", "golang.org/x/tools/"}
	for _, room := range rooms {
		to = append(to, strings.TrimSuffix("passes/internal/fix/"+room, "/"))
	}
	return to
}

// TestLayering keeps the arrows, that checks do not import each other and look at no
// instructions, and that nothing imports promote.
func TestLayering(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for dec := json.NewDecoder(bytes.NewReader(out)); ; count++ {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		for _, imported := range p.Imports {
			if why := forbidden(p.ImportPath, imported); why != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, imported, why)
			}
		}
	}
	if count < 10 {
		t.Fatalf("only %d packages", count)
	}
}

// forbidden says why a package must not import another; nothing if it may.
func forbidden(from, to string) string {
	from = strings.TrimPrefix(from, module+"/")
	dest, inside := strings.CutPrefix(to, module+"/")
	if first, _, _ := strings.Cut(to, "/"); !inside && !strings.Contains(first, ".") {
		return "" // the standard library
	}
	if inside && below(dest, "promote") && !below(from, "promote") {
		return "promote belongs to the programs of users"
	}
	if isCheck(from) && isCheck(dest) && from != dest {
		return "checks do not import each other"
	}
	if isCheck(from) && (dest == "analyzer/flow" || to == "golang.org/x/tools/go/ssa") {
		return "a check asks the rooms for a fact, and looks at no instruction"
	}
	for _, a := range arrows {
		if !below(from, a.from) {
			continue
		}
		for _, allowed := range a.to {
			if inside && below(dest, allowed) || !inside && strings.HasPrefix(to+"/", allowed) {
				return ""
			}
		}
		return "not among the arrows of " + a.from
	}
	return "no arrow starts here"
}

func below(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

// isCheck reports whether a path is that of a check: a folder right below
// passes, except the internal ones.
func isCheck(path string) bool {
	rest, ok := strings.CutPrefix(path, "passes/")
	return ok && !strings.HasPrefix(rest, "internal/")
}

// TestForbidden shows that the arrows can be broken.
func TestForbidden(t *testing.T) {
	for _, test := range []struct {
		from, to string
		ok       bool
	}{
		{"analyzer", "cmd/killcheck/internal/finding", false},
		{"analyzer/flow", "analyzer/kb", false},
		{"analyzer/kb", "analyzer/flow", false},
		{"passes/endless", "passes/abandoned", false},
		{"passes/endless", "passes/internal/report", true},
		{"passes/endless", "analyzer/flow", false},
		{"passes/endless", "analyzer/event", true},
		{"passes/internal/fix", "passes/endless", false},
		{"passes/internal/fix", "passes/internal/fix/wake", true},
		{"passes/internal/fix/edit", "passes/internal/fix/wake", false},
		{"passes/internal/fix/wake", "passes/internal/fix/release", false},
		{"passes/internal/fix/wake", "passes/internal/report", false},
		{"cmd/killcheck", "promote", false},
		{"cmd/killcheck", "passes", true},
		{"cmd/killcheck/internal/config", "passes", false},
	} {
		why := forbidden(module+"/"+test.from, module+"/"+test.to)
		if (why == "") != test.ok {
			t.Errorf("%s imports %s: %q", test.from, test.to, why)
		}
	}
	if forbidden(module+"/passes/endless", "golang.org/x/tools/go/ssa") == "" {
		t.Error("a check may look at instructions")
	}
	if forbidden(module+"/promote", "golang.org/x/tools/go/ssa") == "" {
		t.Error("promote may import x/tools")
	}
	if forbidden(module+"/cmd/killcheck", "example.com/other") == "" {
		t.Error("cmd may import anything")
	}
}
