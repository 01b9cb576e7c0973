// Package sarifschema validates what killcheck writes against the official
// schema of SARIF 2.1.0, and with the validator of those who wrote it, which
// knows the rules of GitHub as well. It is a module of its own, so that its dependencies
// stay out of that of killcheck.
package sarifschema

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // carries the text of the schema
	"github.com/santhosh-tekuri/jsonschema/v6"
)

const schemaPackage = "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

func TestGoldenIsValid(t *testing.T) {
	data, err := os.ReadFile("../testdata/sarif.golden")
	if err != nil {
		t.Fatal(err)
	}
	schema := compile(t)
	if err := schema.Validate(decode(t, data)); err != nil {
		t.Errorf("the golden file is not valid: %v", err)
	}
	// The schema must be able to refuse.
	for _, bad := range [][2]string{
		{`"startLine": 8,`, `"startLine": 0,`},
		{`"ruleId":`, `"ruleID":`},
		{`"columnKind": "utf16CodeUnits"`, `"columnKind": "bytes"`},
		{`"kind": "external"`, `"kind": "outside"`},
		{`"kind": "inSource"`, `"kind": "insource"`},
	} {
		changed := bytes.Replace(data, []byte(bad[0]), []byte(bad[1]), 1)
		if bytes.Equal(changed, data) {
			t.Errorf("the golden file has no %s", bad[0])
			continue
		}
		if schema.Validate(decode(t, changed)) == nil {
			t.Errorf("the schema accepts %s", bad[1])
		}
	}
}

// TestOutputIsValid validates the output of a run of the command on the
// module that all drivers are tested with.
func TestOutputIsValid(t *testing.T) {
	out := output(t)
	if err := compile(t).Validate(decode(t, out)); err != nil {
		t.Error(err)
	}
}

// multitool is the second validator, of the npm package
// @microsoft/sarif-multitool-linux.
const multitool = "Sarif.Multitool"

// TestMultitool asks the second validator, if it is in the path.
func TestMultitool(t *testing.T) {
	if _, err := exec.LookPath(multitool); err != nil {
		t.Skip(err)
	}
	golden, err := os.ReadFile("../testdata/sarif.golden")
	if err != nil {
		t.Fatal(err)
	}
	if got := complaints(t, golden); len(got) > 0 {
		t.Errorf("the golden file: %q", got)
	}
	// The version is that of a release only in a release.
	if got := complaints(t, bytes.Replace(output(t), []byte(`"version": "(devel)"`), []byte(`"version": "1.0.0"`), 1)); len(got) > 0 {
		t.Errorf("the output: %q", got)
	}
	bad := bytes.Replace(golden, []byte(`"startLine": 8,`), []byte(`"startLine": 0,`), 1)
	if got := complaints(t, bad); len(got) == 0 {
		t.Error("it accepts a line 0")
	}
}

// complaints returns the rules that the second validator finds broken. It ends
// with 0 whatever it finds.
func complaints(t *testing.T, data []byte) []string {
	t.Helper()
	in, out := filepath.Join(t.TempDir(), "in.sarif"), filepath.Join(t.TempDir(), "out.sarif")
	if err := os.WriteFile(in, data, 0o666); err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(multitool, "validate", in, "--rule-kind", "Sarif;Ghas", "--output", out, "--log", "ForceOverwrite").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	var log struct {
		Runs []struct {
			Results []struct{ RuleID string }
		}
	}
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\uFEFF")), &log); err != nil || len(log.Runs) != 1 {
		t.Fatalf("%d runs, %v\n%s", len(log.Runs), err, said)
	}
	var rules []string
	for _, result := range log.Runs[0].Results {
		rules = append(rules, result.RuleID)
	}
	return rules
}

// output runs the command on the module that all drivers are tested with.
func output(t *testing.T) []byte { return outputOf(t, "sarif", `"codeFlows"`, `"fixes"`, `"inSource"`) }

// outputOf returns what the command writes in a format, which has to hold some parts.
func outputOf(t *testing.T, format string, wanted ...string) []byte {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "killcheck")
	build := exec.Command("go", "build", "-o", tool, ".")
	build.Dir = "../../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := exec.Command(tool, "-format="+format, "-checks=all", "./...")
	run.Dir = "../../../../../testdata/drivers"
	run.Env = append(os.Environ(), "GOWORK=off")
	out, _ := run.Output() // findings make it fail
	for _, part := range wanted {
		if !bytes.Contains(out, []byte(part)) {
			t.Fatalf("no %s in it:\n%s", part, out)
		}
	}
	return out
}

func decode(t *testing.T, data []byte) any {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func compile(t *testing.T) *jsonschema.Schema {
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sarif.json", decode(t, []byte(schemaText(t)))); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// schemaText takes the longest string out of the file of the package that
// embeds the schema.
func schemaText(t *testing.T) string {
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", schemaPackage).Output()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(strings.TrimSpace(string(out)), "schema.go")
	syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	longest := ""
	ast.Inspect(syntax, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil && len(text) > len(longest) {
				longest = text
			}
		}
		return true
	})
	if !json.Valid([]byte(longest)) || len(longest) < 10_000 {
		t.Fatalf("%s holds no schema", file)
	}
	return longest
}
