//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// promoteMain reads a pipe in a goroutine that has a context. The first byte is
// there; nothing ends the wait for the second. It says after some time whether
// the goroutine has ended.
const promoteMain = `package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	m := &monitor{first: make(chan struct{}), done: make(chan struct{})}
	m.start(ctx, os.Args[1])
	select {
	case <-m.first:
	case <-m.done:
		log.Fatal("no device")
	}
	for reads := int64(0); reads < 2; time.Sleep(time.Millisecond) { // until it waits again
		if info, err := os.Stat(os.Args[1] + ".reads"); err == nil {
			reads = info.Size()
		}
	}
	cancel()
	patience, err := time.ParseDuration(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	select {
	case <-m.done:
		fmt.Println("stopped")
	case <-time.After(patience):
		log.Fatal("leaked")
	}
}

type monitor struct{ first, done chan struct{} }

func (m *monitor) start(ctx context.Context, path string) {
	go func() {
		defer close(m.done)
		for ctx.Err() == nil {
			b, err := readDevice(path) // may be silent
			if err != nil {
				fmt.Println("the read ended")
				return
			}
			fmt.Println("read", b)
			close(m.first)
		}
	}()
}
`

const promoteDevice = `package main

/*
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// open_device counts how often it was called in a file beside the device.
static int open_device(const char *path) {
	char count[4096];
	snprintf(count, sizeof count, "%s.reads", path);
	int fd = open(count, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (fd < 0 || write(fd, "1", 1) != 1)
		return -1;
	close(fd);
	return open(path, O_RDWR);
}
*/
import "C"

import (
	"errors"
	"unsafe"
)

// readDevice waits for one byte.
func readDevice(path string) (int, error) {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	fd := C.open_device(name)
	if fd < 0 {
		return 0, errors.New("no device")
	}
	defer C.close(fd)
	var b C.char
	if n := C.read(fd, unsafe.Pointer(&b), 1); n != 1 {
		return 0, errors.New("no byte")
	}
	return int(b), nil
}
`

// TestPromote fixes a program whose goroutine waits in C, where nothing ends it,
// and runs it before and after the fix. The fixed one waits in a child process,
// which is killed when the grace period of 5 seconds is over.
func TestPromote(t *testing.T) {
	long(t)
	t.Parallel()
	for _, program := range []string{"gcc", "go"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/device\n\ngo 1.25.0\n\nrequire github.com/killcheck/killcheck v0.0.0\n\n" +
			"replace github.com/killcheck/killcheck => " + root + "\n",
		"go.sum":    string(sums),
		"main.go":   promoteMain,
		"device.go": promoteDevice,
		"keep.go":   "//go:build keep\n\npackage main\n\nimport _ \"github.com/killcheck/killcheck/promote\"\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if out := runDevice(t, dir, "500ms"); !strings.Contains(out, "leaked") {
		t.Fatalf("before the fix the program should leak: %s", out)
	}
	fix := func() string {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(self, "-checks=all", "-fix", "-review", ".")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), asTool+"=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("after the fix something is reported: %v\n%s", err, out)
		}
		text, err := os.ReadFile(filepath.Join(dir, "main.go"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	fixed := fix()
	for _, want := range []string{
		"func main() {\n\tif err := promote.Init(); err != nil {\n\t\tlog.Fatal(err)\n\t}\n",
		"b, err := readDeviceWorker.Run(ctx, path) // may be silent\n",
		"var readDeviceWorker = promote.Register(\"example.com/device.readDevice\", func(_ context.Context, in string) (int, error) {\n\treturn readDevice(in)\n})\n",
	} {
		if !strings.Contains(fixed, want) {
			t.Errorf("want\n%s\nin\n%s", want, fixed)
		}
	}
	if again := fix(); again != fixed {
		t.Errorf("the second fix changed something:\n%s", again)
	}
	if out := runDevice(t, dir, "3m"); out != "read 7\nthe read ended\nstopped\n" {
		t.Errorf("after the fix the program should stop: %s", out)
	}
}

// runDevice builds the program, runs it on a pipe that holds one byte, and
// returns what it printed. It has got patience before it says that the goroutine
// leaked.
func runDevice(t *testing.T, dir, patience string) string {
	t.Helper()
	build := exec.Command("go", "build", "-o", "device", ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	held, err := os.OpenFile(pipe, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if _, err := held.Write([]byte{7}); err != nil {
		t.Fatal(err)
	}
	out, _ := exec.Command(filepath.Join(dir, "device"), pipe, patience).CombinedOutput() // the text tells
	return string(out)
}
