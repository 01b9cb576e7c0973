package kb

// An Effect says what a call does to the goroutine that makes it, or to
// others. Each row has exactly one; raises= can be added to any.
type Effect string

// The effects.
const (
	Blocks      Effect = "blocks"       // may wait without bound
	Bounded     Effect = "bounded"      // waits, but ends by itself: a time, a timeout, a file operation
	Passes      Effect = "passes"       // blocks as the handles in Wakes do: io.Copy, bufio
	Instant     Effect = "instant"      // does not block
	Spawns      Effect = "spawns"       // runs parameter FuncArg in a new goroutine
	Callback    Effect = "callback"     // runs parameter FuncArg before it returns
	NoReturn    Effect = "noreturn"     // control does not come back
	StopSignal  Effect = "stop-signal"  // returns a channel that is closed to ask for a stop
	Channel     Effect = "channel"      // a channel that Wakes closes
	NeverClosed Effect = "never-closed" // a channel that nothing closes
	Derives     Effect = "derives"      // returns a context made from Parent
	Raises      Effect = "raises"       // ends waits of others, see Entry.Raises
	Lock        Effect = "lock"         // takes the lock that is the receiver
	Unlock      Effect = "unlock"       // gives it back
	RLock       Effect = "rlock"        // takes the lock for reading
	RUnlock     Effect = "runlock"      // gives the read lock back
	FlagLoad    Effect = "flag-load"    // reads a flag that another goroutine can set
	FlagStore   Effect = "flag-store"   // sets such a flag
	KillThread  Effect = "kill-thread"  // signals or ends a thread from outside
	Blocking    Effect = "blocking"     // puts the handle in blocking mode: no close or deadline ends a wait then
	Polled      Effect = "polled"       // puts a descriptor, its first argument, in or out of the mode in which they do
	EndError    Effect = "end-error"    // an error that says that a handle or context has ended
	ErrorIs     Effect = "error-is"     // compares an error with one that it may wrap
)

// A Kind is the kind of operation, for messages and for the choice of a fix.
type Kind string

// The kinds.
const (
	KindAddress    Kind = "address"     // reads an address, and looks it up if it is a name
	KindCgo        Kind = "cgo"         // native code in this process
	KindChan       Kind = "chan"        // a channel of the language or of a library
	KindCPU        Kind = "cpu"         // computes
	KindCtx        Kind = "ctx"         // makes or reads a context
	KindDNS        Kind = "dns"         // looks up a name
	KindExit       Kind = "exit"        // ends the goroutine or the process
	KindFileIO     Kind = "file-io"     // reads or writes a file
	KindFileMeta   Kind = "file-meta"   // names, sizes, folders
	KindFIFO       Kind = "fifo"        // makes a FIFO of the name that is its first argument
	KindFlag       Kind = "flag"        // an atomic variable
	KindFunc       Kind = "func"        // runs a function that it is given
	KindHTTPClient Kind = "http-client" // sends a request
	KindHTTPServer Kind = "http-server" // serves requests, or answers one
	KindLock       Kind = "lock"        // a mutex, a semaphore
	KindLoop       Kind = "loop"        // a loop, of the language or inside a library
	KindNetAccept  Kind = "net-accept"  // waits for a connection
	KindNetDial    Kind = "net-dial"    // connects
	KindNetIO      Kind = "net-io"      // reads or writes a connection
	KindNetListen  Kind = "net-listen"  // opens a listener
	KindPipeIO     Kind = "pipe-io"     // reads or writes a pipe
	KindProc       Kind = "proc"        // child processes
	KindRPC        Kind = "rpc"         // a remote call
	KindRuntime    Kind = "runtime"     // the Go run time itself
	KindSignal     Kind = "signal"      // operating system signals
	KindSleep      Kind = "sleep"       // waits for a time
	KindSpawn      Kind = "spawn"       // starts goroutines
	KindSQL        Kind = "sql"         // a database
	KindStream     Kind = "stream"      // works on a reader or writer that it was given
	KindSyscall    Kind = "syscall"     // a raw system call
	KindTest       Kind = "test"        // the testing package
	KindThread     Kind = "thread"      // operating system threads
	KindTimer      Kind = "timer"       // timers and tickers
	KindTTY        Kind = "tty-io"      // reads the terminal or standard input
	KindUnknown    Kind = "unknown"     // a callee that cannot be known
	KindWait       Kind = "wait"        // waits for other goroutines
)

// An Event is what happens in a wake.
type Event string

// The events. The second column of the comment says which places they take.
const (
	CtxDone       Event = "ctx"        // recv, argN, in-argN: this context is cancelled
	Close         Event = "close"      // recv, argN, resN: the handle is closed or shut down
	Deadline      Event = "deadline"   // recv, argN: a deadline is set on the handle
	Kill          Event = "kill"       // recv, argN: the process is killed
	Stop          Event = "stop"       // argN, recv: this stop channel is closed
	Underlying    Event = "underlying" // recv, argN: whatever ends the wait of this handle
	TimeoutArg    Event = "timeout"    // argN or none: a timeout, given as argument or fixed
	Time          Event = "time"       // argN or none: the time given has passed
	Broadcast     Event = "broadcast"  // recv: Cond.Broadcast
	SignalOne     Event = "signal"     // recv: Cond.Signal, which wakes one waiter only
	Done          Event = "done"       // recv: the counter is brought to zero by Done
	Release       Event = "release"    // recv: the holder of the lock or slot gives it back
	Peer          Event = "peer"       // recv or none: the other side acts, or is closed
	CallbackError Event = "callback"   // argN: the callback returns an error or false
	SelectStop    Event = "select"     // none: a select with a stop case around it
	Reset         Event = "reset"      // none: the timer is started again
	Break         Event = "break"      // none: the loop body leaves
	Never         Event = "never"      // none: nothing
)

// A Where says at which value of a call a wake or a context is found.
type Where string

// The places.
const (
	Nowhere Where = ""       // the event is tied to no value of the call
	Recv    Where = "recv"   // the receiver, or something in it
	Arg     Where = "arg"    // argument N
	InArg   Where = "in-arg" // something inside argument N: the context of a request
	Res     Where = "res"    // result N
	None    Where = "none"   // no parent at all: a root context
)

// A How says how a call is turned into its form with a context.
type How string

// The ways. Any other non-empty value is the name of a package variable, such
// as net.DefaultResolver, whose method of the same arguments, with the
// context in front, is the form.
const (
	Unstated   How = ""            // by hand only
	Prepend    How = "prepend"     // the same receiver or package, the context in front of the arguments
	PrependNil How = "prepend-nil" // as Prepend, and a nil as last argument
	Zero       How = "zero"        // a method of the zero value of its type, the context in front
	Drop       How = "drop-time"   // as Prepend, and the last argument, a timeout, falls away
)
