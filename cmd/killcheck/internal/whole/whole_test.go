package whole

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// names returns what a folder holds.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	file := filepath.Join(dir, "new")
	if err := Write(ctx, file, []byte("first")); err != nil || read(t, file) != "first" {
		t.Errorf("a new file: %v", err)
	}
	write(t, filepath.Join(dir, "plain"), "")
	if runtime.GOOS != "windows" {
		f, err := os.OpenFile(filepath.Join(dir, "mode"), os.O_CREATE|os.O_WRONLY, 0o666)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
		want, got := stat(t, f.Name()).Mode(), stat(t, file).Mode()
		if want != got {
			t.Errorf("a new file has the mode %v, not %v", got, want)
		}
	}
	old := filepath.Join(dir, "old")
	write(t, old, "a longer text than the new one")
	before := stat(t, old)
	if err := Write(ctx, old, []byte("second")); err != nil || read(t, old) != "second" {
		t.Errorf("an old file: %v", err)
	}
	if after := stat(t, old); after.Mode() != before.Mode() || os.SameFile(before, after) {
		t.Errorf("the mode was %v and is %v", before.Mode(), after.Mode())
	}
	if err := Write(ctx, filepath.Join(dir, "none", "x"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	if err := Write(ctx, dir, nil); err == nil {
		t.Error("a folder can be written")
	}
	for _, name := range []string{"mode", "plain"} {
		os.Remove(filepath.Join(dir, name))
	}
	if got := names(t, dir); got != "new old" {
		t.Errorf("the folder holds %s", got)
	}
}

func stat(t *testing.T, name string) fs.FileInfo {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// TestWriteReaders: who has opened the old file, or opens the name at any time, reads
// one of the texts to its end.
func TestWriteReaders(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file keeps its name")
	}
	file := filepath.Join(t.TempDir(), "a")
	texts := []string{strings.Repeat("a", 1<<16), strings.Repeat("b", 1<<17)}
	write(t, file, texts[0])
	opened, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	done := make(chan error, 1)
	go func() {
		var err error
		for i := range 50 {
			err = errors.Join(err, Write(context.Background(), file, []byte(texts[i%2])))
		}
		done <- err
	}()
	for reading := true; reading; {
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
			reading = false
		default:
		}
		if got := read(t, file); got != texts[0] && got != texts[1] {
			t.Fatalf("%d bytes, %q…", len(got), got[:min(len(got), 8)])
		}
	}
	if data, err := io.ReadAll(opened); err != nil || string(data) != texts[0] {
		t.Errorf("the old file: %v, %d bytes", err, len(data))
	}
}

func TestWriteLinks(t *testing.T) {
	dir := t.TempDir()
	file, sub := filepath.Join(dir, "file"), filepath.Join(dir, "sub")
	if err := os.Mkdir(sub, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"one": "two", "two": "file", "lost": "sub/new", "round": "round"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	write(t, file, "old")
	for name, target := range map[string]string{"one": file, "lost": filepath.Join(sub, "new")} {
		if err := Write(context.Background(), filepath.Join(dir, name), []byte(name)); err != nil || read(t, target) != name {
			t.Errorf("%s: %v", name, err)
		}
		if to, err := os.Readlink(filepath.Join(dir, name)); err != nil || to == "" {
			t.Errorf("%s is no link any more: %v", name, err)
		}
	}
	if err := Write(context.Background(), filepath.Join(dir, "round"), nil); err == nil {
		t.Error("a link to itself can be written")
	}
}

func TestWriteReadOnly(t *testing.T) {
	if os.Getuid() <= 0 {
		t.Skip("this user may write anything, or the system has no users")
	}
	file := filepath.Join(t.TempDir(), "a")
	write(t, file, "old")
	if err := os.Chmod(file, 0o400); err != nil {
		t.Fatal(err)
	}
	if err := Write(context.Background(), file, []byte("new")); !errors.Is(err, fs.ErrPermission) || read(t, file) != "old" {
		t.Errorf("%v", err)
	}
}

// TestSweep: the next run removes what a killed one has left, and waits while another
// one writes, but not for ever.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	lock, held := TryLock(dir)
	if !held {
		t.Skip("this system has no locks")
	}
	for _, name := range []string{".killcheck-1.tmp", ".killcheck-x.tmp", ".killcheck.go"} {
		write(t, filepath.Join(dir, name), "")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Write(ctx, filepath.Join(dir, "a"), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if got := names(t, dir); got != ".killcheck-1.tmp .killcheck-x.tmp .killcheck.go" {
		t.Errorf("while another run writes: %s", got)
	}
	lock.Close()
	if err := Write(context.Background(), filepath.Join(dir, "a"), nil); err != nil {
		t.Error(err)
	}
	if got := names(t, dir); got != ".killcheck-x.tmp .killcheck.go a" {
		t.Errorf("the folder holds %s", got)
	}
}
