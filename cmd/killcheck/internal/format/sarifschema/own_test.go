package sarifschema

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// schemas is the folder with the schemas of what killcheck itself defines.
const schemas = "../../../../../docs/schema"

func own(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(schemas, name))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, decode(t, data)); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestReport: the schema of the JSON format takes what is written, and refuses other
// things.
func TestReport(t *testing.T) {
	schema := own(t, "report.json")
	golden, err := os.ReadFile("../testdata/json.golden")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"the golden file": golden, "the output": outputOf(t, "json", `"path"`, `"fixes"`)} {
		if err := schema.Validate(decode(t, data)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	marked := bytes.Replace(golden, []byte("\n  \"findings\""), []byte("\n  \"shard\": {\"index\": 1, \"of\": 2, \"run\": \"a\"},\n  \"findings\""), 1)
	if err := schema.Validate(decode(t, marked)); err != nil || bytes.Equal(marked, golden) {
		t.Errorf("a shard: %v", err)
	}
	for _, bad := range [][2]string{{`"tier": "core"`, `"tier": "kernel"`}, {`"line": 8`, `"line": "8"`}, {`"findings"`, `"found"`}} {
		changed := bytes.Replace(golden, []byte(bad[0]), []byte(bad[1]), 1)
		if bytes.Equal(changed, golden) || schema.Validate(decode(t, changed)) == nil {
			t.Errorf("the schema accepts %s", bad[1])
		}
	}
}

// TestConfig: the schema of .killcheck.yaml takes the examples of its page, and refuses
// what killcheck refuses.
func TestConfig(t *testing.T) {
	schema := own(t, "config.json")
	page, err := os.ReadFile("../../../../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllStringSubmatch(string(page), -1)
	if len(examples) < 3 {
		t.Errorf("only %d examples", len(examples))
	}
	valid := func(text string) error {
		var v any
		if err := yaml.Unmarshal([]byte(text), &v); err != nil {
			return err
		}
		return schema.Validate(v)
	}
	for _, e := range examples {
		if err := valid(e[1]); err != nil {
			t.Errorf("%s: %v", e[1], err)
		}
	}
	for _, text := range []string{"", "checks: core", "checks: [all, -endless]", "severity: error", "rows: ours.kb"} {
		if err := valid(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"chekcs: core", "checks: [endles]", "tests: perhaps", "severity: eror", "severity: {endles: note}", "paths: [{checks: all}]", "lifetimes: [{func: a.New}]", "- x"} {
		if valid(text) == nil {
			t.Errorf("the schema accepts %s", strings.TrimSpace(text))
		}
	}
}
