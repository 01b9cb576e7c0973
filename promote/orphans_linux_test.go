package promote

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const setSubreaper = 36 // PR_SET_CHILD_SUBREAPER

// family starts a process in its group, one in a group of its own, and a worker
// that starts a process, and waits to be killed.
var family = Register("family", func(ctx context.Context, dir string) (int, error) {
	for _, ownGroup := range []bool{false, true} {
		cmd := exec.Command("sh", "-c", "sleep 1000 & sleep 1000")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: ownGroup}
		if err := cmd.Start(); err != nil {
			return 0, err
		}
	}
	w := &Worker[forkOrder, int]{name: "fork", cfg: newConfig(nil)}
	return w.Run(ctx, forkOrder{filepath.Join(dir, strconv.Itoa(os.Getpid())), "spin"})
})

func init() {
	plays["subreaper"] = func() {
		if _, _, errno := syscall.Syscall(syscall.SYS_PRCTL, setSubreaper, 1, 0); errno != 0 {
			fmt.Println("subreaper:", errno)
		}
		getOrphans()
	}
	plays["first process"] = func() {
		if os.Getpid() != 1 {
			fmt.Println("the process id is", os.Getpid())
		}
		if err := errors.Join(
			syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""),
			syscall.Mount("proc", "/proc", "proc", 0, ""),
		); err != nil {
			fmt.Println("mount:", err)
		}
		getOrphans()
	}
}

// getOrphans kills workers that have a family and prints what is left. A child
// of another part of the program must be left alone.
func getOrphans() {
	other := exec.Command("cat")
	hold, err := other.StdinPipe()
	if err == nil {
		err = other.Start()
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	before := len(childProcesses())
	atOnce(12, 4, func(i int) {
		p, err := family.Start(context.Background(), os.Getenv("PROMOTE_TEST_FILE"))
		if err != nil {
			fmt.Println(err)
			return
		}
		for !exists(filepath.Join(os.Getenv("PROMOTE_TEST_FILE"), strconv.Itoa(p.PID()))) {
			time.Sleep(time.Millisecond)
		}
		switch i % 3 {
		case 0:
			p.Kill()
		case 1:
			_ = syscall.Kill(p.PID(), syscall.SIGKILL)
		case 2:
			_ = syscall.Kill(-p.PID(), syscall.SIGKILL)
		}
		if _, err := p.Wait(); !errors.As(err, new(*KilledError)) {
			fmt.Println(err)
		}
	})
	if after := childProcesses(); len(after) > before {
		fmt.Printf("%d children, were %d:\n%s\n", len(after), before, strings.Join(after, ""))
	}
	hold.Close()
	fmt.Println("end:", other.Wait())
}

// TestOrphansThatComeToTheProgram: a program to which orphans come, such as the
// first one in a container, has to reap what its children leave behind.
func TestOrphansThatComeToTheProgram(t *testing.T) {
	for _, part := range []string{"subreaper", "first process"} {
		t.Run(part, func(t *testing.T) {
			leavesNothing(t)
			cmd := playing(t, part, "PROMOTE_TEST_FILE="+t.TempDir())
			if part == "first process" {
				if os.Getuid() != 0 {
					t.Skip("only root can start the first process of a namespace")
				}
				cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS}
			}
			out, err := cmd.CombinedOutput()
			if errors.Is(err, syscall.EPERM) {
				t.Skipf("no namespaces here: %v", err)
			}
			if err != nil || string(out) != "end: <nil>\n" {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
