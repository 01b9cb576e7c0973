package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestSkew(t *testing.T) {
	for _, older := range []string{"go1.25.0", runtime.Version(), "devel", ""} {
		if text := skew(older); text != "" {
			t.Errorf("%q: %s", older, text)
		}
	}
	if skew("go1.99.1") == "" {
		t.Error("a newer go command is accepted")
	}
}

// TestDefaultsOff: by itself go vet runs the core checks; if it is told to run
// some, just those run.
func TestDefaultsOff(t *testing.T) {
	s := newSuite()
	off := strings.Join(s.defaultsOff([]string{"-json", "x.cfg"}), " ")
	if !strings.Contains(off, "-unjoined=false") || !strings.Contains(off, "-killcheckcensus=false") || strings.Contains(off, "-endless") {
		t.Errorf("off: %s", off)
	}
	for _, on := range []string{"-unjoined", "--endless=true", "-killcheckcensus"} {
		if off := s.defaultsOff([]string{on, "x.cfg"}); off != nil {
			t.Errorf("%s: off: %v", on, off)
		}
	}
	if off := s.defaultsOff([]string{"-endless=false", "x.cfg"}); !slices.Contains(off, "-unjoined=false") {
		t.Errorf("turning one check off turns the extended ones on: %v", off)
	}
}

func TestSticky(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	read := func(name string) *unit {
		u, err := readUnit(name)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	config := map[string]any{"Dir": dir, "Stdout": "out", "ModulePath": "m", "ModuleVersion": "", "VetxOnly": true}
	variant := func(key string, value any) *unit {
		changed := map[string]any{}
		for k, v := range config {
			changed[k] = v
		}
		changed[key] = value
		if value == nil {
			delete(changed, key)
		}
		data, err := json.Marshal(changed)
		if err != nil {
			t.Fatal(err)
		}
		return read(write("v.cfg", string(data)))
	}
	u := variant("VetxOutput", "v")
	if !u.needsSticky(false) {
		t.Fatal("a dependency in the main module does not print")
	}
	if u := read(u.adapt(filepath.Join(dir, "v.cfg"), false)); u.VetxOnly || u.VetxOutput != "v" {
		t.Errorf("copy: %+v", u)
	}
	for key, value := range map[string]any{"Stdout": nil, "Module": map[string]string{"Path": "m"}, "VetxOnly": false, "ModulePath": ""} {
		if variant(key, value).needsSticky(false) {
			t.Errorf("%s = %v: prints", key, value)
		}
	}
	if !variant("ModuleVersion", "v0.0.0").needsSticky(false) {
		t.Error("a module that is replaced by a folder does not print")
	}
	for _, place := range []string{"/cache/example.com/m@v1.0.0/p", "/home/app/vendor/example.com/m/p"} {
		config["Dir"] = place
		if variant("ModuleVersion", "v1.0.0").needsSticky(false) {
			t.Errorf("a package in %s prints", place)
		}
	}
	config["Dir"] = dir
	write("x_test.go", "package p_test\n")
	if !variant("Dir", dir).needsSticky(false) {
		t.Error("tests in a package of their own count")
	}
	tests := write("a_test.go", "package p\n")
	if variant("Dir", dir).needsSticky(false) {
		t.Error("a package with tests prints twice")
	}
	if !variant("IgnoredFiles", []string{tests}).needsSticky(false) {
		t.Error("a test file that is not built counts")
	}
}

// TestChoose says of which findings a list of checks is: of those of the core tier,
// of what checks of the core are less sure of, and of the extended checks.
func TestChoose(t *testing.T) {
	s := newSuite()
	type counts struct{ core, less, extended int }
	count := func(list string) (n counts) {
		sel, err := s.choose(list)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range s.checks {
			sure, unsure := sel.Shows(c.name, false), sel.Shows(c.name, true)
			switch {
			case c.tier == tierCore:
				n.core, n.less = n.core+one(sure), n.less+one(unsure)
			default:
				n.extended += one(unsure)
			}
		}
		if sel.LessCertain(s.selectable()) != (n.less > 0) {
			t.Errorf("%s: less certain findings are asked for: %v", list, !(n.less > 0))
		}
		return n
	}
	all := count("all")
	core, extended := all.core, all.extended
	if core == 0 || extended == 0 || core+extended != len(s.checks) || all.less != core {
		t.Fatalf("%+v of %d", all, len(s.checks))
	}
	for list, want := range map[string]counts{
		"core":               {core, 0, 0},
		"extended":           {0, core, extended},
		"core,extended":      all,
		"endless":            {1, 0, 0},
		"endless, abandoned": {2, 0, 0},
		"core,unjoined":      {core, 0, 1},
		"-endless":           {core - 1, 0, 0},
		"all,-endless":       {core - 1, core - 1, extended},
		"all,-unjoined":      {core, core, extended - 1},
		"all,-extended":      {core, 0, 0},
		"all,-core":          {0, core, extended},
	} {
		if got := count(list); got != want {
			t.Errorf("%s: %+v, want %+v", list, got, want)
		}
	}
	if _, err := s.choose("core,nosuch"); err == nil {
		t.Error("an unknown name is accepted")
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestVetCall tells calls of the go command from those of people, who may name a file
// that was made to look like a config.
func TestVetCall(t *testing.T) {
	dir := t.TempDir()
	config := func(name string, changes map[string]any) string {
		config := map[string]any{"ImportPath": "m", "GoFiles": []string{"m.go"}, "VetxOutput": filepath.Join(dir, "vet.out"), "Stdout": filepath.Join(dir, "vet.stdout")}
		for key, value := range changes {
			config[key] = value
		}
		data, err := json.Marshal(config)
		if err != nil {
			t.Fatal(err)
		}
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	name := config("vet.cfg", nil)
	t.Chdir(dir)
	for _, args := range [][]string{{"-V=full"}, {"-flags"}, {name}, {"-json", "-endless.review", name}} {
		if _, ok := readVetCall(args); !ok {
			t.Errorf("%q is no call of the go command", args)
		}
	}
	for _, args := range [][]string{
		nil, {"."}, {"vet.cfg"}, {"./vet.cfg"}, {"-flags", "."}, {"-checks=core", "-V=full"}, {".", name}, {name, "."},
		{config("x.cfg", nil)}, {filepath.Join(dir, "none", "vet.cfg")}, {dir},
		{config("sub/vet.cfg", nil)}, // its results lie elsewhere
	} {
		if _, ok := readVetCall(args); ok {
			t.Errorf("%q is a call of the go command", args)
		}
	}
	for key, value := range map[string]any{
		"VetxOutput": "/etc/passwd", "Stdout": filepath.Join(dir, "..", "stdout"), "FixArchive": "/tmp/fix.zip", "GoFiles": []string{}, "ImportPath": "",
	} {
		if _, ok := readVetCall([]string{config("vet.cfg", map[string]any{key: value})}); ok {
			t.Errorf("%s = %v: a call of the go command", key, value)
		}
	}
	if err := os.WriteFile(name, []byte("[core]\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, ok := readVetCall([]string{name}); ok {
		t.Error("a file of another kind is a call of the go command")
	}
}

// TestStandard: without modules, only the standard library prints no findings as a
// dependency.
func TestStandard(t *testing.T) {
	t.Setenv("GOROOT", filepath.FromSlash("/usr/go"))
	stdout := "out"
	for dir, want := range map[string]bool{"/usr/go/src/fmt": false, "/home/gopath/src/app": true, "/home/gopath/src/app/vendor/lib": false} {
		u := &unit{Dir: filepath.FromSlash(dir), Stdout: &stdout, VetxOnly: true}
		if u.needsSticky(false) != want {
			t.Errorf("%s: prints is %v", dir, !want)
		}
	}
}
