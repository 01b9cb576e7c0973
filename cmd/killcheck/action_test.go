package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestAction runs the shell steps of action.yml, as GitHub does, on a module of
// its own: with the source beside it, and with this repository as a published version.
func TestAction(t *testing.T) {
	long(t)
	s := newShell(t, nil)
	if _, ok := s.try("bash", "-c", "true"); !ok {
		t.Skip("no bash")
	}
	if err := os.Mkdir(filepath.Join(s.dir, "sub"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"sub/go.mod": "module example.com/fetch\n\ngo 1.25.0\n", "sub/fetch.go": leaking} {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	s.run("git", "init", "-q")
	proxy := filepath.ToSlash(t.TempDir())
	publish(t, proxy, "v0.9.0")
	gopath := t.TempDir()
	s.env = append(s.env, "GOPATH="+gopath, "GOMODCACHE="+filepath.Join(gopath, "pkg", "mod"))
	for i, v := range s.env {
		if old, ok := strings.CutPrefix(v, "GOPROXY="); ok {
			s.env[i] = "GOPROXY=file://" + proxy + "," + old
		}
	}
	repository, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "GITHUB_ACTION_PATH="+repository)
	inputs := map[string]string{"working-directory": "sub"}

	a := newAction(t, s, inputs)
	if code := a.run(); code != 1 || !strings.HasPrefix(a.out, "::warning file=sub/fetch.go,line=7,") {
		t.Errorf("annotations: exit %d\n%s", code, a.out)
	}
	inputs["args"] = "-checks=* -tags='a"
	if a := newAction(t, s, inputs); a.run() != 2 || !strings.Contains(a.out, `unknown check "*"`) {
		t.Errorf("a pattern means something:\n%s", a.out)
	}
	inputs["args"], inputs["version"] = "-checks=endless\n -tests=false", "v0.9.0"
	if a := newAction(t, s, inputs); a.run() != 0 {
		t.Errorf("without a finding it fails:\n%s", a.out)
	}
	inputs["args"], inputs["sarif"] = "", "true"
	a = newAction(t, s, inputs)
	if code := a.run(); code != 0 || !strings.Contains(read(t, a.sarif), `"ruleId": "abandoned"`) {
		t.Errorf("SARIF: exit %d\n%s", code, a.out)
	}
	once := read(t, a.sarif)
	var parts []string
	for _, inputs["shard"] = range []string{"1/2", "2/2"} {
		a := newAction(t, s, inputs)
		if code := a.run(); code != 0 || a.values["steps.sarif.outputs.artifact"] != "killcheck-shard-"+strings.Replace(inputs["shard"], "/", "-of-", 1) {
			t.Errorf("shard %s: exit %d, artifact %s\n%s", inputs["shard"], code, a.values["steps.sarif.outputs.artifact"], a.out)
		}
		parts = append(parts, read(t, a.sarif))
	}
	inputs["shard"], inputs["merge"] = "", "true"
	for n, want := range map[int]int{1: 2, 2: 0} {
		a := newAction(t, s, inputs)
		for i, text := range parts[:n] {
			file := filepath.Join(filepath.Dir(a.sarif), "killcheck-shards", fmt.Sprintf("killcheck-shard-%d-of-2", i+1), "killcheck.sarif")
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if code := a.run(); (code == 0) != (want == 0) || code == 0 && read(t, a.sarif) != once {
			t.Errorf("merging %d of 2 shards: exit %d\n%s", n, code, a.out)
		}
	}
	inputs["merge"], inputs["sarif"], inputs["shard"] = "false", "false", "1/1"
	if a := newAction(t, s, inputs); a.run() != 1 || !strings.Contains(a.out, "::warning file=sub/fetch.go,line=7,") {
		t.Errorf("annotations of a shard:\n%s", a.out)
	}
	inputs["shard"], inputs["sarif"] = "", "true"
	inputs["packages"] = "-fix"
	if a := newAction(t, s, inputs); a.run() == 0 || !strings.Contains(a.out, `"-fix" is neither a command nor a package`) {
		t.Errorf("a package is a flag:\n%s", a.out)
	}
	inputs["packages"] = "./nosuch"
	if a := newAction(t, s, inputs); a.run() == 0 {
		t.Errorf("SARIF of a package that does not exist: exit 0\n%s", a.out)
	}
}

// publish puts this module into a module proxy in a folder.
func publish(t *testing.T, proxy, version string) {
	t.Helper()
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	root := os.DirFS("../..")
	add := func(name string) {
		data, err := fs.ReadFile(root, name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := w.Create(module + "@" + version + "/" + name)
		if err == nil {
			_, err = f.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add("go.mod")
	add("go.sum")
	for _, dir := range []string{"analyzer", "cmd", "internal", "passes"} {
		err := fs.WalkDir(root, dir, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "sarifschema"):
				return fs.SkipDir
			case !entry.IsDir():
				add(name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(proxy, module, "@v")
	if err := os.MkdirAll(at, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"list":            version + "\n",
		version + ".info": fmt.Sprintf(`{"Version": %q}`, version),
		version + ".mod":  read(t, "../../go.mod"),
		version + ".zip":  packed.String(),
	} {
		if err := os.WriteFile(filepath.Join(at, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// An action is one run of action.yml.
type action struct {
	t                   *testing.T
	shell               *shell
	values              map[string]string // of ${{ NAME }}
	output, path, sarif string            // files
	out                 string            // of the last step that ran
}

func newAction(t *testing.T, s *shell, inputs map[string]string) *action {
	t.Helper()
	dir := t.TempDir()
	a := &action{t: t, shell: s, values: make(map[string]string), output: filepath.Join(dir, "output"),
		path: filepath.Join(dir, "path"), sarif: filepath.Join(dir, "killcheck.sarif")}
	for _, file := range []string{a.output, a.path} {
		if err := os.WriteFile(file, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	defaults := regexp.MustCompile(`(?m)^  ([a-z-]+):\n    description: .*\n    default: (.*)$`)
	for _, m := range defaults.FindAllStringSubmatch(read(t, "../../action.yml"), -1) {
		a.values["inputs."+m[1]] = strings.Trim(m[2], `"`)
	}
	for name, value := range inputs {
		if _, ok := a.values["inputs."+name]; !ok {
			t.Fatalf("the action has no input %s", name)
		}
		a.values["inputs."+name] = value
	}
	return a
}

// A step is what TestAction has to know of a step.
type step struct {
	id, condition, dir, script string
	env                        []string
}

// steps reads the steps that run a script. It knows as much of YAML as action.yml
// uses.
func (a *action) steps() []step {
	a.t.Helper()
	_, text, ok := strings.Cut(read(a.t, "../../action.yml"), "\n  steps:\n")
	if !ok {
		a.t.Fatal("action.yml has no steps")
	}
	var all []step
	for _, part := range strings.Split("\n"+text, "\n    - ")[1:] {
		var s step
		section := ""
		for line := range strings.Lines("      " + part) {
			line = strings.TrimRight(line, "\n")
			key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
			value, _, _ = strings.Cut(strings.TrimSpace(value), " #")
			nested := strings.HasPrefix(line, "        ")
			switch {
			case nested && section == "run":
				s.script += line[8:] + "\n"
			case nested && section == "env":
				s.env = append(s.env, key+"="+a.expand(value))
			case nested:
			case key == "run" && value != "|":
				s.script = strings.TrimPrefix(strings.TrimSpace(line), "run: ")
			default:
				section = key
				switch key {
				case "id":
					s.id = value
				case "if":
					s.condition = value
				case "working-directory":
					s.dir = a.expand(value)
				}
			}
		}
		if s.script != "" {
			all = append(all, s)
		}
	}
	return all
}

var placeholder = regexp.MustCompile(`\$\{\{ ([a-z.-]+) \}\}`)

func (a *action) expand(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(s string) string {
		value, ok := a.values[placeholder.FindStringSubmatch(s)[1]]
		if !ok && !strings.Contains(s, "steps.") {
			a.t.Fatalf("action.yml: %s is not known", s)
		}
		return value
	})
}

// run runs the steps until one fails, and returns its exit code.
func (a *action) run() int {
	a.t.Helper()
	ran := 0
	for i := range a.steps() {
		step := a.steps()[i] // once more: the outputs of the steps before count
		if !a.holds(step.condition) {
			continue
		}
		ran++
		if code := a.step(step); code != 0 {
			return code
		}
	}
	if ran != 3 {
		a.t.Errorf("%d steps ran, want 3", ran)
	}
	return 0
}

// holds evaluates a condition: comparisons that are joined by &&.
func (a *action) holds(condition string) bool {
	a.t.Helper()
	if condition == "" {
		return true
	}
	for term := range strings.SplitSeq(condition, " && ") {
		m := regexp.MustCompile(`^(inputs\.[a-z-]+) (==|!=) '(\w*)'$`).FindStringSubmatch(term)
		if m == nil {
			a.t.Fatalf("action.yml: condition %s is not known", condition)
		}
		if (a.values[m[1]] == m[3]) != (m[2] == "==") {
			return false
		}
	}
	return true
}

// step runs a step as GitHub does and keeps what it sets.
func (a *action) step(step step) int {
	a.t.Helper()
	s := *a.shell
	s.dir = filepath.Join(s.dir, step.dir)
	added := strings.Join(strings.Fields(read(a.t, a.path)), ":")
	s.env = append(s.env, "GITHUB_OUTPUT="+a.output, "GITHUB_PATH="+a.path, "RUNNER_TEMP="+filepath.Dir(a.sarif),
		"PATH="+added+":"+os.Getenv("PATH"))
	s.env = append(s.env, step.env...)
	script := filepath.Join(a.t.TempDir(), "step.sh")
	if err := os.WriteFile(script, []byte(step.script), 0o666); err != nil {
		a.t.Fatal(err)
	}
	var code int
	a.out, code = s.exit("bash", "--noprofile", "--norc", "-eo", "pipefail", script)
	for line := range strings.Lines(read(a.t, a.output)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		a.values["steps."+step.id+".outputs."+name] = value
	}
	return code
}
