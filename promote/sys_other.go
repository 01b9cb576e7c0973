//go:build !linux && !darwin && !windows

package promote

import (
	"io"
	"os"
	"os/exec"
)

// On other systems Init succeeds in every program and no child can be started.

func openInherited() (*inherited, error)                   { return nil, nil }
func executable() (string, error)                          { return "", ErrUnsupported }
func newDuplex() (parent, child duplex, err error)         { return duplex{}, duplex{}, ErrUnsupported }
func inherit(cmd *exec.Cmd, data duplex, life, c *os.File) {}
func killOwnGroup()                                        {}
func stopSignals() []os.Signal                             { return []os.Signal{os.Interrupt} }
func elevated() error                                      { return nil }
func proveParent() error                                   { return nil }
func onlyParent(f *os.File) (io.Reader, error)             { return f, nil }
func wake(f *os.File)                                      {}
func waiting(f *os.File) int                               { return 0 }
func readNow(f *os.File, p []byte) (int, error)            { return 0, io.EOF }

type group struct{}

func (g *group) prepare(cmd *exec.Cmd)                          {}
func (g *group) reapRest()                                      {}
func (g *group) adopt(p *os.Process) error                      { return ErrUnsupported }
func (g *group) terminate(life *os.File)                        {}
func (g *group) kill()                                          {}
func (g *group) awaitExit(p *os.Process) bool                   { return false }
func (g *group) release()                                       {}
func (g *group) status(state *os.ProcessState) (os.Signal, int) { return nil, -1 }
