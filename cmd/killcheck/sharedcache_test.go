package main

import (
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// cacher is a cache program for the go command, and the server behind it.
const cacher = "github.com/bradfitz/go-tool-cache/cmd/"
const cacherVersion = "@v0.0.0-20260722201841-0bb331e19f64"

// TestSharedCache analyses the corpus on one machine and then on others that have empty
// caches and share the server. They say the same bytes. In a folder of the same name
// nothing is analysed again, and elsewhere only the packages of the module: each
// action that runs puts something into the cache. The differences are those that
// docs/ci/shared-cache.md names.
func TestSharedCache(t *testing.T) {
	long(t)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	install := exec.Command("go", "install", cacher+"go-cacher"+cacherVersion, cacher+"go-cacher-server"+cacherVersion)
	install.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, folder := range []string{"one", "two"} {
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS("../../testdata/drivers")); err != nil {
			t.Fatal(err)
		}
	}
	address, server := freeAddress(t), filepath.Join(dir, "server")
	serve := exec.Command(filepath.Join(dir, "go-cacher-server"), "-cache-dir="+server, "-listen="+address)
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = serve.Process.Kill()
		_ = serve.Wait()
	}()
	for range 100 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	entries := func() (count int) {
		_ = filepath.WalkDir(server, func(_ string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				count++
			}
			return nil
		})
		return count
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// machine returns what killcheck prints, and how many entries it added.
	machine := func(name, folder string, env ...string) (string, int) {
		before := entries()
		cmd := exec.Command(self, "-checks=all", "-format=json", "./...")
		cmd.Dir = filepath.Join(dir, folder)
		disk := filepath.Join(dir, "machine-"+name)
		cmd.Env = append(append(os.Environ(), asTool+"=1", "GOWORK=off", "GOFLAGS=", "GOCACHE="+filepath.Join(disk, "gocache"),
			"GOCACHEPROG="+filepath.Join(dir, "go-cacher")+" -verbose -cache-dir="+filepath.Join(disk, "disk")+" -cache-server=http://"+address), env...)
		out, err := cmd.Output()
		if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 1 {
			t.Fatalf("machine %s: %v\n%s", name, err, out)
		}
		return string(out), entries() - before
	}
	first, all := machine("first", "one")
	if !strings.Contains(first, `"endless"`) || all < 200 {
		t.Fatalf("the first machine put %d entries, and said\n%s", all, first)
	}
	for _, test := range []struct {
		name, folder string
		most         int
		env          []string
	}{
		{"second", "one", 8, nil}, // an index of folders, which the go command makes once their files are some seconds old
		{"elsewhere", "two", 40, nil},
		{"trimmed", "two", 8, []string{"GOFLAGS=-trimpath"}}, // which killcheck turns off
	} {
		said, added := machine(test.name, test.folder, test.env...)
		if said != first {
			t.Errorf("the machine %s says\n%s\nthe first one\n%s", test.name, said, first)
		}
		t.Logf("machine %s: %d entries, %d of the first one", test.name, added, all)
		if added > test.most {
			t.Errorf("the machine %s added %d entries", test.name, added)
		}
	}
	if _, added := machine("flag", "one", "GOFLAGS=-tags=other"); added < 10 {
		t.Errorf("with other build tags only %d entries came", added)
	}
}

// freeAddress returns an address of this machine on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
