package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/config"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/picture"
)

const (
	root         = "../.."
	checkPages   = root + "/docs/checks"
	tableBegin   = "<!-- checks: begin; written by go test ./cmd/killcheck -run TestDocs -update -->\n"
	tableEnd     = "<!-- checks: end -->\n"
	writtenByUs  = "<!-- Written from the doc.go of the check by go test ./cmd/killcheck -run TestDocs -update -->\n"
	toWriteFiles = "run go test ./cmd/killcheck -run 'TestDocs|TestPicture' -update"
)

// TestDocs keeps what is written from the documents of the checks: a page for
// each, and the table in the README.
func TestDocs(t *testing.T) {
	suite := newSuite()
	var pages []string
	for _, c := range suite.checks {
		name := c.name + ".md"
		pages = append(pages, name)
		if !strings.HasSuffix(c.analyzer.URL, "/docs/checks/"+name) {
			t.Errorf("%s: the URL is %s", c.name, c.analyzer.URL)
		}
		keep(t, filepath.Join(checkPages, name), page(c))
	}
	entries, err := os.ReadDir(checkPages)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(pages, e.Name()) {
			t.Errorf("%s belongs to no check", filepath.Join(checkPages, e.Name()))
		}
	}
	schema, err := config.Schema(suite.selectable())
	if err != nil {
		t.Fatal(err)
	}
	keep(t, root+"/docs/schema/config.json", string(schema))
	readme := read(t, root+"/README.md")
	before, rest, ok := strings.Cut(readme, tableBegin)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		t.Fatal("README.md: the marks of the table of checks are missing")
	}
	keep(t, root+"/README.md", before+tableBegin+table(suite)+tableEnd+after)
}

// keep compares a file with what it should hold, or writes it.
func keep(t *testing.T, file, want string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if string(data) == want {
		return
	}
	if !*update {
		t.Errorf("%s is out of date: %s", file, toWriteFiles)
		return
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(want), 0o666); err != nil {
		t.Fatal(err)
	}
}

func table(s suite) string {
	var b strings.Builder
	b.WriteString("| check | tier | |\n|---|---|---|\n")
	for _, c := range s.checks {
		fmt.Fprintf(&b, "| [%s](docs/checks/%s.md) | %s | %s |\n", c.name, c.name, c.tier, strings.TrimPrefix(c.summary(), "report "))
	}
	return b.String()
}

// leadIn matches the words that begin a part of a document.
var leadIn = regexp.MustCompile(`^(Leaks:|Stops:|Why it matters\.|Not reported\.|Fix\.) ?`)

// page turns the document of a check into Markdown: the lead-ins become
// headings and indented lines code.
func page(c check) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n# %s\n\n", writtenByUs, c.name)
	_, body, _ := strings.Cut(strings.TrimSpace(c.analyzer.Doc), "\n")
	summary := c.summary()
	fmt.Fprintf(&b, "%s%s. Tier: %s.\n\n", strings.ToUpper(summary[:1]), summary[1:], c.tier)
	for _, part := range strings.Split(strings.TrimSpace(joinCode(body)), "\n\n") {
		if strings.HasPrefix(part, "\t") {
			language := "go"
			if strings.HasPrefix(part, "\t//killcheck:") {
				language = ""
			}
			code := strings.ReplaceAll(strings.TrimPrefix(part, "\t"), "\n\t", "\n")
			fmt.Fprintf(&b, "```%s\n%s\n```\n\n", language, strings.ReplaceAll(code, emptyLine, ""))
			continue
		}
		if lead := leadIn.FindString(part); lead != "" {
			fmt.Fprintf(&b, "## %s\n\n", strings.Trim(lead, ":. "))
			part = part[len(lead):]
		}
		if part != "" {
			fmt.Fprintf(&b, "%s\n\n", strings.ReplaceAll(part, "<", "&lt;"))
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// emptyLine stands for an empty line inside code while a document is split.
const emptyLine = "\x00"

// joinCode marks the empty lines between two indented lines.
func joinCode(text string) string {
	lines := strings.Split(text, "\n")
	for i := 1; i+1 < len(lines); i++ {
		if lines[i] == "" && strings.HasPrefix(lines[i-1], "\t") && strings.HasPrefix(lines[i+1], "\t") {
			lines[i] = "\t" + emptyLine
		}
	}
	return strings.Join(lines, "\n")
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// blocks returns the fenced code of a document, by language.
func blocks(text, language string) []string {
	var all []string
	for _, m := range regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		if m[1] == language {
			all = append(all, m[2])
		}
	}
	return all
}

// TestReadmeExample runs killcheck on the example of the README and compares
// what it says with what stands there.
func TestReadmeExample(t *testing.T) {
	readme := read(t, root+"/README.md")
	code, said, diff := blocks(readme, "go"), blocks(readme, ""), blocks(readme, "diff")
	if len(code) != 1 || len(said) != 1 || len(diff) != 1 {
		t.Fatalf("%d blocks of Go, %d of output, %d of differences", len(code), len(said), len(diff))
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/fetch\n\ngo 1.25\n", "fetch.go": code[0]} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct{ flag, want string }{{"-color=never", said[0]}, {"-diff", diff[0]}} {
		cmd := exec.Command(os.Args[0], test.flag, "./...")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), asTool+"=1", "GOFLAGS=", "GOWORK=off")
		out, _ := cmd.Output() // findings make it fail
		if string(out) != test.want {
			t.Errorf("killcheck %s prints\n%s\nthe README says\n%s", test.flag, out, test.want)
		}
	}
}

// TestLinks follows the relative links of all documents.
func TestLinks(t *testing.T) {
	files := []string{root + "/README.md"}
	err := filepath.WalkDir(root+"/docs", func(path string, e fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".md" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	count := 0
	for _, file := range files {
		for _, m := range link.FindAllStringSubmatch(read(t, file), -1) {
			count++
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	if count < 20 {
		t.Errorf("only %d links", count)
	}
}

// TestPicture keeps the picture of the README: what a terminal shows of its example.
func TestPicture(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/fetch\n\ngo 1.25\n", "fetch.go": blocks(read(t, root+"/README.md"), "go")[0]} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(os.Args[0], "-color=always", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), asTool+"=1", "GOFLAGS=", "GOWORK=off")
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	_ = cmd.Run() // findings make it fail
	keep(t, root+"/docs/terminal.svg", string(picture.SVG("killcheck ./...", out.String())))
}
