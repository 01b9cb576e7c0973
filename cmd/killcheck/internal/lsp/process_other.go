//go:build !unix

package lsp

import (
	"errors"
	"os"
	"os/exec"
)

// alive cannot be known cheaply here; the end of the input tells instead.
func alive(int) bool { return true }

func keepOnBrokenPipe() {}

// Exec runs another program in place of this one and gives its exit code.
func Exec(path string, args []string) (code int, err error) {
	cmd := exec.Command(path, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), inProxy+"=1")
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	if err != nil {
		return 2, err
	}
	return 0, nil
}
