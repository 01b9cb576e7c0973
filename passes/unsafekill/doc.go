// Package unsafekill reports attempts to kill a thread or goroutine from
// outside.
//
// # Analyzer unsafekill
//
// unsafekill: report attempts to kill a thread or goroutine from outside
//
// Signals to a thread id, pthread_kill or TerminateThread through cgo or a
// system call, and runtime.Goexit used to stop code that belongs to somebody
// else.
//
// Leaks:
//
//	func run(work func()) (cancel func()) {
//		tid := make(chan int, 1)
//		go func() {
//			runtime.LockOSThread()
//			tid <- syscall.Gettid()
//			work()
//		}()
//		return func() {
//			syscall.Tgkill(syscall.Getpid(), <-tid, syscall.SIGKILL)
//		}
//	}
//
// Stops:
//
//	func run(ctx context.Context, step func() bool) {
//		go func() {
//			for ctx.Err() == nil && step() {
//			}
//		}()
//	}
//
// Why it matters. A thread that is killed leaves its locks held, its files
// open and its children running, and the Go runtime does not survive the loss
// of one of its threads.
//
// Not reported. Signals to another process. Goexit in tests, where package
// testing expects it.
//
// Fix. None. Work that cannot be built to stop belongs into a child process:
// see package promote.
package unsafekill
