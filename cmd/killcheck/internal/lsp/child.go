package lsp

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/group"
	"github.com/killcheck/killcheck/internal/plain"
)

// A child is a running gopls.
type child struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *frameReader
	done chan struct{} // closed when the process has ended
	err  error         // why it ended; valid after done

	stopping sync.Once
}

// startChild starts gopls. What it writes to its standard error goes to ours.
func startChild(path string, args []string) (*child, error) {
	cmd := exec.Command(path, args...)
	cmd.Stderr = plain.NewWriter(os.Stderr)
	cmd.WaitDelay = time.Second // something that gopls started may hold standard error
	cmd.Env = append(os.Environ(), inProxy+"=1")
	group.Own(cmd)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	// A pipe of our own: Wait closes the one of StdoutPipe, perhaps before its
	// last bytes are read.
	out, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout = write
	err = cmd.Start()
	write.Close()
	if err != nil {
		out.Close()
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}
	c := &child{cmd: cmd, in: in, out: newFrameReader(out), done: make(chan struct{})}
	go func() {
		c.err = cmd.Wait()
		close(c.done)
		// Something that gopls started may hold the other end; what gopls
		// itself wrote is read within this time.
		time.AfterFunc(time.Second, func() { out.Close() })
	}()
	return c, nil
}

// exitCode gives the code of a child that has ended; a signal counts as 1.
func (c *child) exitCode() int {
	if code := c.cmd.ProcessState.ExitCode(); code >= 0 {
		return code
	}
	return 1
}

// stop ends the child within grace, by force if need be, and returns when it
// is gone. Closing its input is how an editor asks.
func (c *child) stop(grace time.Duration) {
	c.stopping.Do(func() {
		// A goroutine: closing waits for a write that a hung child does not take.
		go c.in.Close()
		select {
		case <-c.done:
		case <-time.After(grace):
		}
		group.Kill(c.cmd.Process)
	})
	<-c.done
}
