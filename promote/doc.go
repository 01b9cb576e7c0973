// Package promote runs a function in a child process, so that it can be
// stopped whether it cooperates or not.
//
// Go cannot kill a goroutine. Work that nothing can interrupt (a cgo call, a
// library that computes for hours, a read from a file that never comes back)
// can be killed only together with the process it runs in. A worker of this
// package is such a function. The program starts itself again, the copy runs
// the function and nothing else, and the parent may terminate it at any time.
//
// # Use
//
//	var resize = promote.Register("resize", func(ctx context.Context, in Job) (Image, error) { ... })
//
//	func main() {
//		if err := promote.Init(); err != nil {
//			log.Fatal(err)
//		}
//		...
//		img, err := resize.Run(ctx, job) // when ctx ends, the child ends
//	}
//
// Register workers in package-level variables: the child must know them before
// it reaches [Init]. Call Init first in main, and first in TestMain for tests.
// In the parent Init returns at once. In a child it runs the worker and never
// returns. Without Init, Run fails with [ErrNotInitialised]: a program that
// does not expect to be started again is never started again.
//
// [Worker.Run] is one call in one child. [Worker.Start] gives a [Process] that
// can be terminated, killed and waited for. [RegisterStream] makes a worker
// that is fed by a channel and answers on one. A [Pool] keeps children warm
// and saves the cost of a process start.
//
// # What stops a child
//
// Terminate, the end of the ctx, or the end of the parent. Terminate sends
// SIGTERM to the child's process group, which ends the ctx of the function,
// and SIGKILL after the grace period ([Grace]). A child that ends takes the
// rest of its process group with it. When the parent ends, even by SIGKILL,
// the child sees the end of a pipe that only the parent held, and kills its
// group at once, without a grace period. On Windows, which has no SIGTERM, the
// request to end travels over that pipe, and a job object kills the group.
//
// Wait and Run return only after the child has been reaped. They leave no
// zombie, no descriptor and no goroutine. All that the child wrote before its
// end is read, however late the parent comes to it.
//
// # What travels, and how
//
// Arguments, results and items travel as JSON over an inherited descriptor,
// never in argv or in the environment. A value of type []byte travels as it
// is. Each answer carries the number of its call: bytes that something else in
// the child has written to that descriptor are a [ProtocolError] and the end of
// the child, never the answer of another caller. JSON was chosen over gob because it fails aloud. Gob drops fields of
// channel and func type, turns a pointer to zero into nil, and overflows the
// stack on a cyclic value, which no caller can recover from. What JSON would
// lose in silence is refused: [Register] rejects types with unexported fields,
// with fields tagged json:"-", and channels, funcs and the like anywhere
// inside, unless the type marshals itself; a string that is not valid UTF-8 is
// an [EncodeError]. A value of type any keeps only what JSON keeps: numbers
// arrive as float64.
//
// The end of the ctx travels to the child; its values and its deadline do not.
// Sizes are limited by [MaxArgument] and [MaxResult].
//
// A child has the parent's environment, working directory, standard output and
// standard error. Its standard input is empty.
//
// # Errors
//
// Each way to fail has its own type, for errors.As: [FuncError] (the function
// returned an error), [PanicError] (with the stack, also when the panic was in
// another goroutine of the child), [ExitError], [KilledError], [EncodeError],
// [DecodeError], [SizeError], [StartError], [UnknownWorkerError]. When the stop
// was asked for, the error is a [StoppedError], which unwraps to the cause
// (context.Cause, [ErrTerminated] or [ErrKilled]) and to how the child ended.
//
// # What makes a program a worker
//
// An environment variable tells Init to look at the descriptors. It proves
// nothing. The child sends random bytes over the inherited descriptor, and the
// peer must return them with the process id of the child's parent. On Linux
// the kernel must confirm that the peer is the parent, has the same user, and
// runs the same executable. If the proof fails, Init returns a
// [HandshakeError]; main should then end.
//
// # Limits
//
// On Linux and darwin a process that leaves the child's process group (setsid,
// setpgid) is not killed with it; on Windows it is. A child does not see its
// parent die before it has reached Init, or while its Go runtime cannot run any
// goroutine (an assembly loop that cannot be preempted during garbage
// collection); the parent, while it lives, can kill it even then. On darwin the
// same holds for a child that has been stopped with SIGSTOP. A process in
// an uninterruptible wait of the kernel, such as for a dead file server, ends
// only when the kernel lets go of it, and Wait waits for that. A pooled child
// that dies while it is idle may fail the next call with a [KilledError] or an
// [ExitError]. A worker that starts workers may do so four levels deep.
package promote
