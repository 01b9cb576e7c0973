package promote

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// The attacks of this file are those of a user without rights who starts a
// program that has more of them, and makes it his worker: it would read for him
// what he may not read. They need root, to make such programs.

const (
	nobody = 65534

	capDACReadSearch = 2 // CAP_DAC_READ_SEARCH: read every file

	prSetDumpable     = 4  // PR_SET_DUMPABLE
	prCapAmbient      = 47 // PR_CAP_AMBIENT
	prCapAmbientRaise = 2  // PR_CAP_AMBIENT_RAISE

	endOfAttack = "end of the attack"

	secretVariable  = "PROMOTE_TEST_SECRET"  // the file to read
	victimVariable  = "PROMOTE_TEST_VICTIM"  // the program to attack
	wrapperVariable = "PROMOTE_TEST_WRAPPER" // the program that becomes the victim, if there is one
)

// The worker that the attacks want.
var _ = Register("read", func(_ context.Context, file string) ([]byte, error) { return os.ReadFile(file) })

func init() {
	plays["read"] = func() { // what the program does when it is started in an ordinary way
		data, err := os.ReadFile(os.Getenv(secretVariable))
		fmt.Printf("%s %v\n", data, err)
	}
	plays["linger"] = func() { bufio.NewReader(os.Stdin).ReadString('\n') }
	plays["run"] = func() {
		sum, err := add.Run(context.Background(), pair{1, 2})
		fmt.Println(sum, err, errors.Is(err, ErrElevated))
	}
	plays["drop and run"] = func() {
		os.Setenv(playVariable, "none")
		for _, dumpable := range []uintptr{0, 1} {
			if err := errors.Join(syscall.Setgid(nobody), syscall.Setuid(nobody)); err != nil {
				fmt.Println(err)
			}
			if dumpable != 0 {
				_, _, _ = syscall.Syscall(syscall.SYS_PRCTL, prSetDumpable, dumpable, 0)
			}
			sum, err := add.Run(context.Background(), pair{1, 2})
			fmt.Println(sum, errors.As(err, new(*HandshakeError)), err)
		}
	}
	plays["attack"] = func() { attack(false, os.Getpid()) }
	plays["attack hidden"] = func() { attack(true, os.Getpid()) }
	plays["attack and become the victim"] = attackReplaced
	plays["answer for the victim"] = answerForVictim
	plays["wait for the victim"] = waitForVictim
	plays["give the capability"] = giveCapability
}

// TestProgramWithRightsIsNobodysWorker attacks programs with rights of several
// kinds, in several ways. The program without rights reaches the further checks.
func TestProgramWithRightsIsNobodysWorker(t *testing.T) {
	dir := attackDir(t)
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("the secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	plain := copyOfSelf(t, dir, "plain", 0o755)
	other := copyOfSelf(t, dir, "other", 0o755)
	withCapability := copyOfSelf(t, dir, "capable", 0o755)
	setCapability(t, withCapability, true)
	permitted := copyOfSelf(t, dir, "permitted", 0o755)
	setCapability(t, permitted, false)
	setUser := copyOfSelf(t, dir, "setuid", 0o755|os.ModeSetuid)
	setGroup := copyOfSelf(t, dir, "setgid", 0o755|os.ModeSetgid)
	for _, program := range []string{withCapability, setUser} {
		if out := asNobody(t, program, "read", secretVariable+"="+secret); !strings.Contains(out, "the secret") {
			t.Skipf("programs get no rights here, perhaps for the options of the mount: %s", out)
		}
	}

	for _, test := range []struct {
		name, attacker, victim, part string
		env                          []string
		want                         string
	}{
		// An attack on oneself is no attack; it shows that the others fail for their own reason.
		{"itself", plain, plain, "attack", nil, "answer: 'e'"},
		{"another program", other, plain, "attack", nil, "another executable"},
		{"hidden", other, plain, "attack hidden", nil, "cannot be seen"},
		{"replaced", other, plain, "attack and become the victim", nil, "sender of the greeting is process"},

		{"capability", other, withCapability, "attack", nil, "more rights"},
		{"capability, hidden", other, withCapability, "attack hidden", nil, "more rights"},
		{"capability, replaced", other, withCapability, "attack and become the victim", nil, "more rights"},
		{"capability, in earnest", withCapability, "", "run", nil, "true"},
		{"capability, itself", withCapability, withCapability, "attack", nil, "more rights"},
		{"permitted, hidden", other, permitted, "attack hidden", nil, "more rights"},
		{"set-user-id, hidden", other, setUser, "attack hidden", nil, "more rights"},
		{"set-user-id, replaced", other, setUser, "attack and become the victim", nil, "more rights"},
		{"set-user-id that drops its rights first", other, setUser, "attack hidden", []string{dropVariable + "=1"}, "more rights"},
		{"set-group-id, hidden", other, setGroup, "attack hidden", nil, "more rights"},

		// The capability comes from a wrapper, which the kernel does not count
		// as a program that has more rights than its caller.
		{"ambient", plain, plain, "attack", []string{wrapperVariable + "=" + permitted}, "lacks the rights"},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := asNobody(t, test.attacker, test.part, append(test.env, secretVariable+"="+secret, victimVariable+"="+test.victim)...)
			if strings.Contains(out, "the secret") || !strings.Contains(out, test.want) {
				t.Errorf("want %q:\n%s", test.want, out)
			}
		})
	}
}

// TestProgramThatGaveUpItsRights: the kernel hides it from its child until it
// allows to be traced.
func TestProgramThatGaveUpItsRights(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root has rights to give up")
	}
	leavesNothing(t)
	out, err := playing(t, "drop and run").CombinedOutput()
	// The child may say it as well, if it comes to that.
	if said := string(out); err != nil || !strings.Contains(said, "0 true promote: start \"add\"") ||
		!strings.Contains(said, "cannot be seen") || !strings.HasSuffix(said, "\n3 false <nil>\n") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestAuxiliaryVector(t *testing.T) {
	const pageSize = 6 // AT_PAGESZ
	if got, err := auxiliary(pageSize); got != uintptr(os.Getpagesize()) || err != nil {
		t.Errorf("%d, %v", got, err)
	}
	data, err := os.ReadFile("/proc/self/auxv")
	if err != nil {
		t.Skip(err)
	}
	if got, err := vectorEntry(data, pageSize); got != uintptr(os.Getpagesize()) || err != nil {
		t.Errorf("of /proc: %d, %v", got, err)
	}
	if got, err := vectorEntry(data, auxSecure); got != 0 || err != nil {
		t.Errorf("AT_SECURE of an ordinary program: %d, %v", got, err)
	}
	for _, bad := range [][]byte{nil, data[:8], data[:len(data)-8]} {
		if _, err := vectorEntry(bad, 12345); err == nil {
			t.Errorf("an entry that is not there, in %d bytes", len(bad))
		}
	}
}

// attackDir returns a folder in which everybody may run programs. It skips the
// test for anybody but root.
func attackDir(t *testing.T) string {
	if os.Getuid() != 0 {
		t.Skip("only root can make programs that have more rights than their callers")
	}
	dir, err := os.MkdirTemp("", "promote")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func copyOfSelf(t *testing.T, dir, name string, mode os.FileMode) string {
	t.Helper()
	data, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, data, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, mode); err != nil {
		t.Fatal(err)
	}
	return file
}

// setCapability lets a program read every file, as setcap cap_dac_read_search+p
// does, or +ep if effective.
func setCapability(t *testing.T, file string, effective bool) {
	t.Helper()
	data := make([]byte, 20) // struct vfs_cap_data
	revision := uint32(0x02000000)
	if effective {
		revision |= 1
	}
	binary.LittleEndian.PutUint32(data, revision)
	binary.LittleEndian.PutUint32(data[4:], 1<<capDACReadSearch)
	if err := syscall.Setxattr(file, "security.capability", data, 0); err != nil {
		t.Skipf("file capabilities cannot be set here: %v", err)
	}
}

// asNobody runs a program as a user without rights and returns what it and its
// children say.
func asNobody(t *testing.T, program, part string, env ...string) string {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Dir = "/"
	cmd.Env = append(append(os.Environ(), playVariable+"="+part), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	stdin, err := cmd.StdinPipe() // ends what lingers
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd.Stdout, cmd.Stderr = w, w
	err = cmd.Start()
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for lines := bufio.NewScanner(r); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if lines.Text() == endOfAttack {
			stdin.Close()
		}
	}
	_ = cmd.Wait() // what it said tells
	return said.String()
}

// attack starts the victim with the right descriptors and gives the right
// answers in the name of process pid.
func attack(hidden bool, pid int) {
	if hidden {
		if _, _, errno := syscall.Syscall(syscall.SYS_PRCTL, prSetDumpable, 0, 0); errno != 0 {
			fmt.Println("hide:", errno)
		}
	}
	parent, child, err := newDuplex()
	if err != nil {
		fmt.Println(err)
		return
	}
	program, part := os.Getenv(victimVariable), "none"
	if wrapper := os.Getenv(wrapperVariable); wrapper != "" {
		program, part = wrapper, "give the capability"
	}
	cmd := startVictim(child, program, part)
	child.Close()
	order(parent, pid)
	fmt.Println("the victim:", cmd.Wait())
}

var held []*os.File

// startVictim starts the victim with the child's end of data, or another
// program that becomes the victim.
func startVictim(data duplex, program, part string) *exec.Cmd {
	lifeR, lifeW, _ := os.Pipe()
	crashR, crashW, _ := os.Pipe()
	for _, f := range [...]*os.File{lifeW, crashR} { // held for ever, also by what replaces this process
		_, _, _ = syscall.Syscall(syscall.SYS_FCNTL, f.Fd(), syscall.F_SETFD, 0)
		held = append(held, f)
	}
	cmd := exec.Command(program)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stdout
	inherit(cmd, data, lifeR, crashW)
	if part != "none" {
		// Not this program shall be the worker, but the one it becomes.
		cmd.Env = slices.DeleteFunc(cmd.Env, func(s string) bool { return strings.HasPrefix(s, hintVariable+"=") })
	}
	cmd.Env = append(cmd.Env, playVariable+"="+part)
	if err := cmd.Start(); err != nil {
		fmt.Println("start:", err)
		os.Exit(1)
	}
	return cmd
}

// order gives a worker the right answers and the order to read the secret.
func order(d duplex, pid int) {
	defer fmt.Println(endOfAttack)
	f, err := readFrame(d, 0, maxControl)
	if err != nil || f.kind != frameChallenge {
		fmt.Printf("no challenge: %q %v\n", f.payload, err)
		return
	}
	_ = writeJSON(d, frameHello, 0, hello{protocol, f.payload, pid, "read", modeOnce, 1, 1})
	arg, _ := json.Marshal(os.Getenv(secretVariable))
	_ = writeFrame(d, frameCall, 1, arg)
	for number := range uint64(2) {
		f, err := readFrame(d, number, maxControl)
		if err != nil {
			fmt.Println("end:", err)
			return
		}
		fmt.Printf("answer: %q %q\n", f.kind, f.payload)
	}
}

// attackReplaced makes the socket, has it answered by another process, and
// becomes the victim before the real victim, its child, looks at it.
func attackReplaced() {
	parent, child, err := newDuplex()
	if err != nil {
		fmt.Println(err)
		return
	}
	self, _ := os.Executable()
	answer := exec.Command(self)
	answer.Env = append(os.Environ(), playVariable+"=answer for the victim")
	answer.ExtraFiles = []*os.File{parent.r}
	answer.Stdout, answer.Stderr = os.Stdout, os.Stdout
	if err := answer.Start(); err != nil {
		fmt.Println(err)
		return
	}
	startVictim(child, self, "wait for the victim")
	victim := os.Getenv(victimVariable)
	os.Setenv(playVariable, "linger")
	fmt.Println("exec:", syscall.Exec(victim, []string{victim}, os.Environ()))
}

// waitForVictim becomes the victim as soon as its parent has.
func waitForVictim() {
	victim := os.Getenv(victimVariable)
	comm := "/proc/" + strconv.Itoa(os.Getppid()) + "/comm"
	for {
		if name, _ := os.ReadFile(comm); strings.TrimSpace(string(name)) == filepath.Base(victim) {
			break
		}
	}
	become(victim)
}

// become replaces this process by a worker to be.
func become(victim string) {
	for fd := range 3 {
		_, _, _ = syscall.Syscall(syscall.SYS_FCNTL, uintptr(dataFD+fd), syscall.F_SETFD, 0)
	}
	os.Setenv(playVariable, "none")
	os.Setenv(hintVariable, hintValue)
	fmt.Println("exec:", syscall.Exec(victim, []string{victim}, os.Environ()))
}

// answerForVictim answers the worker in the name of its own parent, which is
// the worker's too.
func answerForVictim() {
	f := os.NewFile(3, "the attacker's end")
	order(duplex{f, f}, os.Getppid())
}

// giveCapability is a wrapper that hands the capability it has on to the victim.
func giveCapability() {
	runtime.LockOSThread()
	header := [2]uint32{0x20080522, 0} // _LINUX_CAPABILITY_VERSION_3, this thread
	sets := [6]uint32{}                // effective, permitted, inheritable, and again for the high bits
	sets[1], sets[2] = 1<<capDACReadSearch, 1<<capDACReadSearch
	if _, _, errno := syscall.Syscall(syscall.SYS_CAPSET, uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&sets)), 0); errno != 0 {
		fmt.Println("capset:", errno)
	}
	if _, _, errno := syscall.Syscall6(syscall.SYS_PRCTL, prCapAmbient, prCapAmbientRaise, capDACReadSearch, 0, 0, 0); errno != 0 {
		fmt.Println("ambient:", errno)
	}
	become(os.Getenv(victimVariable))
}
