package config

import (
	"encoding/json"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/selection"
)

// An object is one of JSON.
type object = map[string]any

// Schema returns the JSON schema of the file, for editors.
func Schema(checks []selection.Check) ([]byte, error) {
	words := selection.Words(checks)
	pattern := "^-?("
	for i, w := range words {
		if i > 0 {
			pattern += "|"
		}
		pattern += w
	}
	list := func(item object, about string) object {
		return object{"description": about, "oneOf": []any{item, object{"type": "array", "items": item}}}
	}
	text := func(about string) object { return object{"type": "string", "minLength": 1, "description": about} }
	closed := func(about string, required []string, properties object) object {
		return object{"type": "object", "description": about, "additionalProperties": false, "required": required, "properties": properties}
	}
	array := func(item object) object { return object{"type": "array", "items": item} }
	level := object{"enum": Severities()}
	levels := object{}
	for _, w := range words {
		levels[w] = level
	}
	word := object{"type": "string", "pattern": pattern + ")$", "examples": words}
	chosen := list(word, "checks to run: core, extended, all, names; a minus sign in front leaves one out")
	severity := object{"description": "how bad findings are, by check or tier", "oneOf": []any{level, object{"type": "object", "additionalProperties": false, "properties": levels}}}
	tests := object{"type": "boolean", "description": "report what is in _test.go files"}
	paths := list(text("a path below this file, with *, ** and ?"), "paths below this file")
	fn := text("full name of a function or method, such as example.com/pool.Go or (*example.com/pool.Pool).Go")
	schema := object{
		"$schema":              "http://json-schema.org/draft-07/schema#",
		"title":                "Configuration of killcheck (" + Name + ")",
		"type":                 []string{"object", "null"},
		"additionalProperties": false,
		"properties": object{
			"checks":   chosen,
			"tests":    tests,
			"exclude":  paths,
			"severity": severity,
			"paths": array(closed("what holds for some paths only; the last rule that fits counts", []string{"path"}, object{
				"path": paths, "checks": chosen, "tests": tests, "severity": severity,
			})),
			"rows": list(text("a row of the knowledge base, or a file with rows"), "what functions do that killcheck cannot read"),
			"goroutines": array(closed("a function that runs an argument in a new goroutine", []string{"func"}, object{
				"func": fn, "arg": object{"type": "integer", "minimum": 0, "description": "the parameter that is run; the first is 0"},
				"joined": object{"type": "boolean", "description": "there is a way to wait for the goroutine"},
			})),
			"stops": array(closed("a method that returns a channel which is closed to ask for a stop", []string{"func"}, object{"func": fn})),
			"lifetimes": array(closed("a function whose result runs goroutines until a method ends them", []string{"func", "ends-by"}, object{
				"func": fn, "ends-by": text("the name of the method"),
			})),
		},
	}
	data, err := json.MarshalIndent(schema, "", "  ")
	return append(data, '\n'), err
}
