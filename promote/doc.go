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
// A worker does what the process tells it that started it. Whoever may start a
// program could otherwise make it do anything with its rights, by an environment
// variable and three descriptors, which prove nothing. Hence Init asks the
// kernel, and returns a [HandshakeError] if something is missing; main should
// then end. On Linux:
//
//   - The start of the program must not have added rights (AT_SECURE): a program
//     with set-user-id, set-group-id, file capabilities, or rights that a security
//     module gives it, is nobody's worker ([ErrElevated]), even after it has given
//     them up. As its child would be such a program too, it cannot have workers.
//   - The socket must have been made by the parent, with the same user and group.
//   - The parent must return random bytes over the socket. The kernel names the
//     sender of each message, so that nobody else who holds the socket can.
//   - Before it is asked, and when it has answered, the parent must run the same
//     executable, and have the same users and groups and at least the
//     capabilities of the child.
//
// What cannot be seen is not proved: a parent that the kernel hides has no
// workers. It hides one that has changed its user since its start, has
// capabilities that its children do not get, cannot be read by its user, or has
// forbidden to be traced. A program that has given up the rights of root may
// start itself again, or allow to be traced (prctl PR_SET_DUMPABLE). A parent in
// another PID namespace, or without /proc, has no workers either.
//
// Somebody with the same user and the same rights, who may trace the program or
// choose its libraries, can make it do anything, with this package or without
// it.
//
// On darwin a program that the kernel treats as set-user-id (issetugid) is no
// worker, and the peer must return the random bytes and know the process id of
// the parent; the executable is not compared, and rights that a signature gives
// to a program are not seen. On Windows a program that gets more rights than its
// caller inherits none of its handles.
//
// # Limits
//
// On Linux and darwin a process that leaves the child's process group (setsid,
// setpgid) is not killed with it; on Windows it is. A Linux program to which
// orphans come, because it is the first process of a container or a subreaper,
// starts its children in sessions of their own, and when one has ended kills and
// reaps what is left of its session. What has left the session stays for the
// program to reap, when it ends. A child does not see its
// parent die before it has reached Init, or while its Go runtime cannot run any
// goroutine (an assembly loop that cannot be preempted during garbage
// collection); the parent, while it lives, can kill it even then. On darwin the
// same holds for a child that has been stopped with SIGSTOP. A process in
// an uninterruptible wait of the kernel, such as for a dead file server, ends
// only when the kernel lets go of it, and Wait waits for that. A pooled child
// that dies while it is idle may fail the next call with a [KilledError] or an
// [ExitError]. A worker that starts workers may do so four levels deep.
package promote
