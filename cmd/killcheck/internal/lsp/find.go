package lsp

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// GoplsVariable names the environment variable that holds the path of the real
// gopls, for the case that it is not in the path.
const GoplsVariable = "KILLCHECK_GOPLS"

// Serves reports whether gopls with these arguments would serve an editor on
// its standard input and output. Everything else, such as a subcommand or a
// server that listens on a socket, is for gopls alone.
func Serves(args []string) bool {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if !strings.HasPrefix(arg, "-") {
			return arg == "serve" && !listens(args[i+1:])
		}
		name, _, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		switch {
		case listens(args[i : i+1]), name == "h", name == "help":
			return false
		case !hasValue && takesValue(name):
			i++
		}
	}
	return true
}

// listens reports whether a flag makes gopls listen on a socket.
func listens(args []string) bool {
	for _, arg := range args {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		switch name {
		case "listen", "port", "mcp.listen":
			return true
		}
	}
	return false
}

// takesValue reports whether a flag of gopls is followed by its value. All
// flags that are not listed are booleans.
func takesValue(name string) bool {
	switch name {
	case "debug", "listen.timeout", "logfile", "mode", "otel", "remote",
		"remote.debug", "remote.listen.timeout", "remote.logfile":
		return true
	}
	return strings.HasPrefix(name, "profile.")
}

// FindGopls finds the real gopls: by the environment variable, else the first
// one in the path, in GOBIN or GOPATH/bin that is not this program.
func FindGopls() (string, error) {
	if path := os.Getenv(GoplsVariable); path != "" {
		switch info, err := os.Stat(path); {
		case err != nil:
			return "", fmt.Errorf("%s: %w", GoplsVariable, err)
		case info.IsDir():
			return "", fmt.Errorf("%s: %s is a directory", GoplsVariable, path)
		case isSelf(path):
			return "", fmt.Errorf("%s names killcheck itself: %s", GoplsVariable, path)
		}
		return path, nil
	}
	dirs := filepath.SplitList(os.Getenv("PATH"))
	// Editors that start from a desktop often lack these in their path.
	if out, err := exec.Command("go", "env", "GOBIN", "GOPATH").Output(); err == nil {
		lines := strings.Split(strings.ReplaceAll(string(out), "\r\n", "\n"), "\n")
		dirs = append(dirs, lines[0])
		for _, dir := range filepath.SplitList(lines[min(1, len(lines)-1)]) {
			dirs = append(dirs, filepath.Join(dir, "bin"))
		}
	}
	for _, dir := range dirs {
		if !filepath.IsAbs(dir) {
			continue // as exec.LookPath, run nothing from the current directory
		}
		path, err := exec.LookPath(filepath.Join(dir, "gopls"))
		if err == nil && !isSelf(path) {
			return path, nil
		}
	}
	return "", errors.New("gopls is not in the path; install it by " +
		"go install golang.org/x/tools/gopls@latest, or set " + GoplsVariable)
}

// isSelf reports whether a program is killcheck: this file, a copy, or a script
// that calls it.
func isSelf(path string) bool {
	self, err := os.Executable()
	if err != nil {
		return false
	}
	a, err1 := os.Stat(self)
	b, err2 := os.Stat(path)
	if err1 == nil && err2 == nil && os.SameFile(a, b) {
		return true
	}
	if theirs, err := buildinfo.ReadFile(path); err == nil {
		ours, err := buildinfo.ReadFile(self)
		return err == nil && theirs.Path != "" && theirs.Path == ours.Path
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, _ := f.Read(head) // an unreadable file is no script
	return strings.HasPrefix(string(head[:n]), "#!") && strings.Contains(string(head[:n]), "killcheck")
}

// InstallShim puts this program into a directory under the name gopls, for
// editors that look at the name. It is a link, which stays right when killcheck
// is updated, or a copy where a link cannot be or would not last.
func InstallShim(dir string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return "", err
	}
	name := filepath.Join(dir, "gopls")
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if _, err := os.Lstat(name); err == nil {
		if !isSelf(name) {
			return "", fmt.Errorf("%s exists and is not killcheck; choose another directory", name)
		}
		if err := os.Remove(name); err != nil {
			return "", err
		}
	}
	if !temporary(self) && os.Symlink(self, name) == nil {
		return name, nil
	}
	data, err := os.ReadFile(self)
	if err != nil {
		return "", err
	}
	return name, os.WriteFile(name, data, 0o777)
}

// temporary reports whether the go command may delete a program: go run and go
// tool keep theirs in the build cache or below the temporary directory.
func temporary(self string) bool {
	if strings.Contains(self, string(filepath.Separator)+"go-build") {
		return true
	}
	return within(self, os.TempDir())
}
