package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPinned: what others publish under a name is named by its hash, here and in the
// recipes of the documentation.
func TestPinned(t *testing.T) {
	var files []string
	for _, name := range []string{"action.yml", "Dockerfile"} {
		files = append(files, filepath.Join(root, name))
	}
	err := filepath.WalkDir(filepath.Join(root, "docs", "ci"), func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	action := regexp.MustCompile(`(?m)^\s*-? uses: (\S+)@(\S+)(.*)$`)
	commit := regexp.MustCompile(`^[0-9a-f]{40}$`)
	image := regexp.MustCompile(`(?m)^(?:FROM|ARG GO=|\s*image: golang:|\s*image: )\s*(\S+)`)
	digest := regexp.MustCompile(`@sha256:[0-9a-f]{64}$`)
	actions, images := 0, 0
	for _, file := range files {
		text := read(t, file)
		for _, m := range action.FindAllStringSubmatch(text, -1) {
			actions++
			own := m[1] == "killcheck/killcheck" && m[2] == "COMMIT"
			if !own && (!commit.MatchString(m[2]) || !strings.HasPrefix(m[3], " # v")) {
				t.Errorf("%s: %s is not pinned, or its version is not said", file, m[0])
			}
		}
		for _, m := range image.FindAllStringSubmatch(text, -1) {
			images++
			if m[1] != "golang:${GO}" && !digest.MatchString(m[1]) {
				t.Errorf("%s: %s is not pinned", file, m[0])
			}
		}
		if regexp.MustCompile(`@latest|: latest`).MatchString(text) {
			t.Errorf("%s: says latest", file)
		}
	}
	if actions < 7 || images < 4 {
		t.Errorf("%d actions and %d images were seen", actions, images)
	}
}

// TestImageUser: the program in the image is not root.
func TestImageUser(t *testing.T) {
	text := read(t, filepath.Join(root, "Dockerfile"))
	last := text[strings.LastIndex(text, "\nFROM "):]
	user := regexp.MustCompile(`(?m)^USER (\d+):(\d+)$`).FindStringSubmatch(last)
	if user == nil || user[1] == "0" || user[2] == "0" {
		t.Errorf("the user is %v", user)
	}
	if before, _, _ := strings.Cut(last, "\nUSER "); !strings.Contains(before, "\nRUN ") || strings.Contains(last[len(before):], "\nRUN ") {
		t.Error("a command runs after the user was changed")
	}
}

// TestSigned: a release has checksums, lists of what it is made of, and a signature.
// Whether goreleaser takes the recipe, "goreleaser check" says.
func TestSigned(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, ".goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nchecksum:\n", "\nsboms:\n", "\nsigns:\n", "artifacts: checksum\n"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%q is missing", want)
		}
	}
}

// TestArchived: an archive of a release holds what its README leads to.
func TestArchived(t *testing.T) {
	list := regexp.MustCompile(`(?m)^ *files: \[(.*)\]$`).FindStringSubmatch(read(t, filepath.Join(root, ".goreleaser.yaml")))
	if list == nil {
		t.Fatal("the recipe lists no files")
	}
	// A folder stands for all that is in it, and a pattern for less than it seems.
	packed := strings.Split(list[1], ", ")
	seen := 0
	for _, m := range regexp.MustCompile(`\]\((docs/[^)#]*)`).FindAllStringSubmatch(read(t, filepath.Join(root, "README.md")), -1) {
		seen++
		if !slices.ContainsFunc(packed, func(p string) bool { return m[1] == p || strings.HasPrefix(m[1], p+"/") }) {
			t.Errorf("%s is in no archive", m[1])
		}
	}
	if seen < 10 {
		t.Errorf("%d links were seen", seen)
	}
}
