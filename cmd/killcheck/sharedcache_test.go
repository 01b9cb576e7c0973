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

// A sharedCache is a server that keeps the build caches of machines, each of which has
// an empty one at first.
type sharedCache struct {
	t       *testing.T
	dir     string
	self    string
	address string
}

// startSharedCache installs the programs and starts the server.
func startSharedCache(t *testing.T) *sharedCache {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	install := exec.Command("go", "install", cacher+"go-cacher"+cacherVersion, cacher+"go-cacher-server"+cacherVersion)
	install.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := &sharedCache{t, dir, self, freeAddress(t)}
	serve := exec.Command(filepath.Join(dir, "go-cacher-server"), "-cache-dir="+filepath.Join(dir, "server"), "-listen="+s.address)
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serve.Process.Kill()
		_ = serve.Wait()
	})
	for range 100 {
		if c, err := net.Dial("tcp", s.address); err == nil {
			c.Close()
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	return s
}

// entries returns how many entries the server has.
func (s *sharedCache) entries() (count int) {
	_ = filepath.WalkDir(filepath.Join(s.dir, "server"), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			count++
		}
		return nil
	})
	return count
}

// machine returns what killcheck prints in a folder, and the time that processors took
// for all that it started.
func (s *sharedCache) machine(name, folder string, env ...string) (string, time.Duration) {
	s.t.Helper()
	cmd := exec.Command(s.self, "-checks=all", "-format=json", "./...")
	cmd.Dir = folder
	disk := filepath.Join(s.dir, "machine-"+name)
	cmd.Env = append(append(os.Environ(), asTool+"=1", "GOWORK=off", "GOFLAGS=", "GOCACHE="+filepath.Join(disk, "gocache"),
		"GOCACHEPROG="+filepath.Join(s.dir, "go-cacher")+" -verbose -cache-dir="+filepath.Join(disk, "disk")+" -cache-server=http://"+s.address), env...)
	out, err := cmd.Output()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 1 {
		s.t.Fatalf("machine %s: %v\n%s", name, err, out)
	}
	return string(out), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// TestSharedCache analyses the corpus on one machine and then on others that have empty
// caches and share the server. They say the same bytes. In a folder of the same name
// nothing is analysed again, and elsewhere only the packages of the module: each
// action that runs puts something into the cache. The differences are those that
// docs/ci/shared-cache.md names.
func TestSharedCache(t *testing.T) {
	long(t)
	s := startSharedCache(t)
	for _, folder := range []string{"one", "two"} {
		if err := os.CopyFS(filepath.Join(s.dir, folder), os.DirFS("../../testdata/drivers")); err != nil {
			t.Fatal(err)
		}
	}
	machine := func(name, folder string, env ...string) (string, int) {
		before := s.entries()
		said, _ := s.machine(name, filepath.Join(s.dir, folder), env...)
		return said, s.entries() - before
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

// TestSharedCacheTime analyses the folder that a variable names on one machine and then
// on another one, which may take 15 % of the time that processors took for the first.
func TestSharedCacheTime(t *testing.T) {
	const variable = "KILLCHECK_TEST_SHARED"
	folder := os.Getenv(variable)
	if folder == "" {
		t.Skip(variable + " names no folder to analyse")
	}
	s := startSharedCache(t)
	first, all := s.machine("first", folder)
	second, again := s.machine("second", folder)
	if first != second {
		t.Errorf("the second machine says\n%s\nthe first one\n%s", second, first)
	}
	share := 100 * again.Seconds() / all.Seconds()
	t.Logf("%d entries, %d bytes; %.1f s of processors on the first machine, %.1f s on the second: %.1f %%", s.entries(), len(first), all.Seconds(), again.Seconds(), share)
	if share > 15 {
		t.Errorf("the second machine takes %.1f %% of the first", share)
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
