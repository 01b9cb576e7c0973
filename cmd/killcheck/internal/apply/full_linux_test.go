package apply

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

// TestFullDisk fixes files on a small file system until it is full. Every file is
// whole, the old or the new one, and nothing else is there.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("killcheck", disk, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("cannot mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	f := newFolder(t, nil)
	f.dir = disk
	text := source + strings.Repeat("// a long comment\n", 1000)
	var fixes []finding.Fix
	for _, name := range []string{"a.go", "b.go", "c.go", "d.go", "e.go", "f.go"} {
		f.write(name, text)
		f.files.Own[f.path(name)] = disk
	}
	longer := "1\n" + strings.Repeat("// much longer\n", 2500)
	for _, names := range [][]string{{"a.go"}, {"b.go", "c.go"}, {"d.go"}, {"e.go"}, {"f.go"}} {
		var changes [][3]string
		for _, name := range names {
			changes = append(changes, [3]string{name, "1\n", longer})
		}
		fixes = append(fixes, f.fix(changes...))
	}
	done := f.apply(fixes...)
	if done.Fixes == 0 || done.Fixes+len(done.Left) != len(fixes) || len(done.Left) == 0 {
		t.Fatalf("%d fixes made, %d not", done.Fixes, len(done.Left))
	}
	if !strings.Contains(reasons(done), "no space left on device") {
		t.Errorf("%s", reasons(done))
	}
	made := make(map[string]bool)
	for _, name := range done.Names {
		made[filepath.Base(name)] = true
	}
	for _, name := range []string{"a.go", "b.go", "c.go", "d.go", "e.go", "f.go"} {
		want := text
		if made[name] {
			want = strings.Replace(text, "1\n", longer, 1)
		}
		if f.read(name) != want {
			t.Errorf("%s is neither the old nor the new one", name)
		}
	}
	if made["b.go"] != made["c.go"] {
		t.Error("half a fix was made")
	}
	entries, err := os.ReadDir(disk)
	if err != nil || len(entries) != 6 {
		t.Errorf("%d files, %v", len(entries), err)
	}
}
