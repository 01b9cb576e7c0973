//go:build unix

package apply

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
	"github.com/killcheck/killcheck/cmd/killcheck/internal/whole"
)

const source = "package a\n\nvar x = 1\n"

// leftovers returns the temporary files in the folder and those below it.
func (f *folder) leftovers() []string {
	f.t.Helper()
	var names []string
	err := filepath.WalkDir(f.dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(e.Name(), ".") {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return names
}

func (f *folder) apply(fixes ...finding.Fix) Done {
	f.t.Helper()
	plan := Merge(fixes, f.files)
	done, err := plan.Write(context.Background())
	if err != nil {
		f.t.Fatal(err)
	}
	done.Left = append(plan.Left, done.Left...)
	if left := f.leftovers(); len(left) > 0 {
		f.t.Errorf("left over: %q", left)
	}
	return done
}

func reasons(done Done) string {
	var all []string
	for _, l := range done.Left {
		all = append(all, filepath.Base(l.Name)+" "+l.Reason)
	}
	return strings.Join(all, "; ")
}

func TestWriteKeeps(t *testing.T) {
	f := newFolder(t, map[string]string{"a.go": source})
	if err := os.Chmod(f.path("a.go"), 0o751|os.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	root := os.Getuid() == 0
	if root {
		if err := os.Chown(f.path("a.go"), 12, 34); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(f.path("a.go"), 0o751|os.ModeSetgid); err != nil { // chown takes the bit
			t.Fatal(err)
		}
	}
	done := f.apply(f.fix([3]string{"a.go", "1", "2"}))
	if done.Fixes != 1 || len(done.Names) != 1 || f.read("a.go") != "package a\n\nvar x = 2\n" {
		t.Errorf("%+v\n%s", done, f.read("a.go"))
	}
	info, err := os.Stat(f.path("a.go"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != 0o751|os.ModeSetgid {
		t.Errorf("the mode is %v", info.Mode())
	}
	if st := info.Sys().(*syscall.Stat_t); root && (st.Uid != 12 || st.Gid != 34) {
		t.Errorf("it belongs to %d and %d", st.Uid, st.Gid)
	}
}

func TestWriteLinks(t *testing.T) {
	f := newFolder(t, map[string]string{"a.go": source, "hard.go": source})
	link := func(old, name string, make func(old, name string) error) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(f.path(name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := make(old, f.path(name)); err != nil {
			t.Fatal(err)
		}
		f.files.Own[f.path(name)] = f.dir
	}
	link(f.path("hard.go"), "other/hard.go", os.Link)
	f.write("real/b.go", source)
	f.write("vendor/example.com/v/v.go", source)
	f.write("nested/go.mod", "module example.com/nested\n")
	f.write("nested/n.go", source)
	outside := newFolder(t, map[string]string{"o.go": source})
	if err := os.Remove(outside.path("go.mod")); err != nil {
		t.Fatal(err)
	}
	link("../real/b.go", "links/b.go", os.Symlink)
	link("b.go", "links/again.go", os.Symlink)
	link(outside.path("o.go"), "links/o.go", os.Symlink)
	f.write("real/text", source)
	link("../real/text", "links/text.go", os.Symlink)
	link("../vendor/example.com/v/v.go", "links/v.go", os.Symlink)
	link("../nested/n.go", "links/n.go", os.Symlink)
	link("/dev/zero", "links/zero.go", os.Symlink)
	if err := syscall.Mkfifo(f.path("pipe.go"), 0o600); err != nil {
		t.Fatal(err)
	}
	link("../pipe.go", "links/pipe.go", os.Symlink)

	change := func(name string) finding.Fix {
		return finding.Fix{Edits: []finding.Edit{{File: f.path(name), Start: 19, End: 20, New: "2", Sum: Sum([]byte(source))}}}
	}
	done := f.apply(change("hard.go"), change("other/hard.go"), change("links/b.go"), change("links/again.go"),
		change("links/o.go"), change("links/text.go"), change("links/v.go"), change("links/n.go"), change("links/zero.go"), change("links/pipe.go"))
	for _, name := range []string{"real/b.go", "links/b.go", "links/again.go"} {
		if f.read(name) != "package a\n\nvar x = 2\n" {
			t.Errorf("%s was not changed: %s", name, reasons(done))
		}
	}
	if target, err := os.Readlink(f.path("links/again.go")); err != nil || target != "b.go" {
		t.Errorf("the link leads to %q, %v", target, err)
	}
	for _, name := range []string{"hard.go", "other/hard.go", "links/v.go", "links/n.go", "links/o.go", "links/text.go"} {
		if f.read(name) != source {
			t.Errorf("%s was changed", name)
		}
	}
	said := reasons(done)
	for _, want := range []string{
		"hard.go " + reasonLinked, "v.go leads to a file of a vendored package", "n.go leads to a file of another module",
		"o.go leads out of the module", "text.go leads to a file that is not named as one of Go",
		"zero.go leads out of the module", "pipe.go is no regular file",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in %q", want, said)
		}
	}
	if done.Fixes != 2 { // two names of one file have one fix, made twice
		t.Errorf("%d fixes", done.Fixes)
	}
}

// TestWriteCaches follows no link into the folder of downloaded modules, which may
// lie inside of the module.
func TestWriteCaches(t *testing.T) {
	f := newFolder(t, map[string]string{"a.go": source, "cache/c.go": source})
	f.files.Caches = []string{f.path("cache")}
	if err := os.Symlink(f.path("cache/c.go"), f.path("c.go")); err != nil {
		t.Fatal(err)
	}
	f.files.Own[f.path("c.go")] = f.dir
	done := f.apply(f.fix([3]string{"c.go", "1", "2"}))
	if f.read("cache/c.go") != source || !strings.Contains(reasons(done), "downloaded module") {
		t.Errorf("%s\n%s", reasons(done), f.read("cache/c.go"))
	}
}

func TestWriteReadOnly(t *testing.T) {
	f := newFolder(t, map[string]string{"a.go": source, "b.go": source})
	if err := os.Chmod(f.path("a.go"), 0o444); err != nil {
		t.Fatal(err)
	}
	done := f.apply(f.fix([3]string{"a.go", "1", "2"}), f.fix([3]string{"b.go", "1", "2"}))
	if f.read("a.go") != source || f.read("b.go") == source || done.Fixes != 1 || reasons(done) != "a.go "+reasonReadOnly {
		t.Errorf("%s\n%s", reasons(done), f.read("a.go"))
	}
	f.files.Forget()
	f.files.Writable = false
	if p := Merge([]finding.Fix{f.fix([3]string{"b.go", "2", "3"})}, f.files); p.Fixes != 1 {
		t.Error("a difference needs no rights")
	}
	if os.Getuid() == 0 {
		return // nothing is read-only for root
	}
	f = newFolder(t, map[string]string{"locked/a.go": source})
	if err := os.Chmod(f.path("locked"), 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(f.path("locked"), 0o777) }) // else it cannot be removed
	done = f.apply(f.fix([3]string{"locked/a.go", "1", "2"}))
	if f.read("locked/a.go") != source || !strings.Contains(reasons(done), "permission denied") {
		t.Errorf("%s", reasons(done))
	}
}

// TestWriteAllOrNone changes one file of a fix after the plan was made.
func TestWriteAllOrNone(t *testing.T) {
	f := newFolder(t, map[string]string{"a.go": source, "b.go": source, "c.go": source})
	both := f.fix([3]string{"a.go", "1", "2"}, [3]string{"b.go", "1", "2"})
	plan := Merge([]finding.Fix{both, f.fix([3]string{"c.go", "1", "2"})}, f.files)
	f.write("b.go", source+"// mine\n")
	done, err := plan.Write(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if f.read("a.go") != source || f.read("b.go") != source+"// mine\n" || f.read("c.go") == source {
		t.Errorf("a %q, b %q, c %q", f.read("a.go"), f.read("b.go"), f.read("c.go"))
	}
	if done.Fixes != 1 || len(done.Names) != 1 || reasons(done) != "b.go "+reasonChanged {
		t.Errorf("%+v", done)
	}
	if left := f.leftovers(); len(left) > 0 {
		t.Errorf("left over: %q", left)
	}
}

// TestRollBack fails at the second of two renames, and in the moment behind both.
func TestRollBack(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, f *folder, all []*replacement) error{
		"rename": func(t *testing.T, f *folder, all []*replacement) error {
			if err := os.Remove(all[1].fresh); err != nil {
				t.Fatal(err)
			}
			return all[1].place()
		},
		"late change": func(t *testing.T, f *folder, all []*replacement) error {
			late, err := os.OpenFile(all[1].path, os.O_WRONLY|os.O_APPEND, 0)
			if err != nil {
				t.Fatal(err)
			}
			if err := all[1].place(); err != nil {
				t.Fatal(err)
			}
			if _, err := late.WriteString("// mine\n"); err != nil {
				t.Fatal(err)
			}
			if err := late.Close(); err != nil {
				t.Fatal(err)
			}
			return all[1].lookAgain()
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFolder(t, map[string]string{"a.go": source, "b.go": source})
			plan := Merge([]finding.Fix{f.fix([3]string{"a.go", "1", "2"}, [3]string{"b.go", "1", "2"})}, f.files)
			var all []*replacement
			for _, c := range plan.Changes {
				r := &replacement{Change: c, path: c.file.path}
				if err := errors.Join(r.prepare(true), r.look()); err != nil {
					t.Fatal(err)
				}
				all = append(all, r)
			}
			if err := all[0].place(); err != nil {
				t.Fatal(err)
			}
			cause := harm(t, f, all)
			if cause == nil {
				t.Fatal("no error")
			}
			if err := rollBack(all, cause); err != cause {
				t.Error(err)
			}
			for _, r := range all {
				r.clean()
			}
			want := source
			if name == "late change" {
				want += "// mine\n"
			}
			if f.read("a.go") != source || f.read("b.go") != want {
				t.Errorf("a %q, b %q", f.read("a.go"), f.read("b.go"))
			}
			if left := f.leftovers(); len(left) > 0 {
				t.Errorf("left over: %q", left)
			}
		})
	}
}

// TestWriteReplaced has another file take the name after the plan was made, even
// one with the same text.
func TestWriteReplaced(t *testing.T) {
	f := newFolder(t, map[string]string{"a.go": source})
	r := &replacement{path: f.path("a.go"), Change: Change{Name: f.path("a.go"), Old: []byte(source), New: []byte("package a\n")}}
	if err := r.prepare(false); err != nil {
		t.Fatal(err)
	}
	defer r.clean()
	if err := os.Remove(f.path("a.go")); err != nil {
		t.Fatal(err)
	}
	f.write("a.go", source)
	if err := r.look(); err == nil || err.Error() != reasonChanged {
		t.Errorf("%v", err)
	}
}

func TestWriteInterrupted(t *testing.T) {
	f := newFolder(t, map[string]string{"a.go": source})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	done, err := Merge([]finding.Fix{f.fix([3]string{"a.go", "1", "2"})}, f.files).Write(ctx)
	if !errors.Is(err, context.Canceled) || done.Fixes != 0 || f.read("a.go") != source || len(f.leftovers()) > 0 {
		t.Errorf("%v, %d fixes, %q left over\n%s", err, done.Fixes, f.leftovers(), f.read("a.go"))
	}
}

func TestSweep(t *testing.T) {
	f := newFolder(t, map[string]string{"a.go": source})
	lock, held := whole.TryLock(f.dir)
	if !held {
		t.Skip("this system has no locks")
	}
	f.write(".killcheck-1.tmp", source)
	f.write(".killcheck-x.tmp", source)
	f.write(".killcheck.go", source)
	whole.Sweep([]string{f.dir})
	if n := len(f.leftovers()); n != 3 {
		t.Errorf("%d files while another run writes, want 3", n)
	}
	// A run waits for the other one, but not for ever.
	ctx, cancel := context.WithCancel(context.Background())
	waiting := make(chan error)
	plan := Merge([]finding.Fix{f.fix([3]string{"a.go", "1", "2"})}, f.files)
	go func() {
		_, err := plan.Write(ctx)
		waiting <- err
	}()
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	lock.Close()
	whole.Sweep([]string{f.dir, f.path("nosuch")})
	if n := len(f.leftovers()); n != 2 {
		t.Errorf("%d files, want the two that are not ours", n)
	}
}
