// Package kb is the knowledge base: what killcheck knows about code that it
// does not read. The rows are text, in the .kb files beside this one, and may
// be extended by rows of the user.
//
// One row stands on one line. A # starts a comment line; empty lines separate
// groups. Tokens are separated by blanks:
//
//	func   SYMBOL EFFECT KIND WAKES {ATTRIBUTE} [-- NOTE]
//	field  SYMBOL EFFECT KIND WAKES {ATTRIBUTE} [-- NOTE]
//	var    SYMBOL EFFECT KIND WAKES {ATTRIBUTE} [-- NOTE]
//	native NAME   EFFECT KIND WAKES {ATTRIBUTE} [-- NOTE]
//	lang   NAME   EFFECT KIND WAKES {ATTRIBUTE} [-- NOTE]
//	word   WORD {WORD}      customary words in the names of stop channels
//	affix  WORD {WORD}      words that such names carry besides: ch, chan, c
//	phrase "TEXT"           customary words that document a process lifetime
//	method NAME {NAME}      customary methods that end an object
//	brief NAME {NAME}       customary methods that say or ask something and return
//	waiting WORD {WORD}     first words of names of what waits for others to send
//	folder NAME {NAME}      customary folders of the parts of commands
//	entry  TYPE {TYPE}      parameter types that mark a function as a command
//
// SYMBOL of a func is what [go/types.Func.FullName] gives for the origin of the
// function, without type parameters: time.Sleep, (*sync.WaitGroup).Wait,
// (net.Conn).Read, (*golang.org/x/sync/errgroup.Group).Go. A field is
// time.Ticker.C, a variable os.Stdin. native rows name functions that are not
// Go: C functions, procedures of a DLL, and the SYS_ constant of a system call.
// lang rows name operations of the language itself.
//
// EFFECT is one of the [Effect] constants, KIND one of the [Kind] constants.
// WAKES is a list of [Wake] joined by commas, or - for none. What the wakes
// tell depends on the effect: what ends the wait (blocks, bounded, spawns),
// what the wait is passed on to (passes), what closes the channel (channel),
// what brings its next value (never-closed), what ends later waits on the
// result (instant).
//
// Places count from zero and leave the receiver out: arg0 is the first
// argument, recv the receiver, in-arg1 something held inside the second
// argument, res1 the second result.
//
// ATTRIBUTE is one of
//
//	arg=N          the parameter that holds the function to run (spawns, callback)
//	join           the library offers a wait for what it spawned
//	once           runs one time at most (AfterFunc, Once.Do); on a channel: one value
//	shared         the functions share one goroutine: one that waits holds up the others
//	raises=WAKES   the wakes that a call of this function raises
//	parent=PLACE   the context that the result derives from, or none (derives)
//	ctx=N          the result that is the derived context; 0 if absent
//	cancel=N       the result that cancels it
//	group=N        the result that runs functions: the first that fails cancels it,
//	               and so does the wait for all of them
//	timed          the derived context ends without a call: by time, by a signal,
//	               with a request
//	carries=PLACE  the result (and the receiver) holds the context of PLACE; of a
//	               spawner: the end of that starts the function
//	wraps=PLACE    reads and writes of the result go to PLACE
//	drains=PLACE   the call reads PLACE until its end
//	paired         the results are two ends: to close one ends the waits of the other
//	ender=METHOD   the method of a result, or of the receiver if no result has it,
//	               that ends the goroutines which the call starts
//	needs=SYMBOL   the call waits only if the function that makes it calls SYMBOL,
//	               which returns an option
//	below=PLACE    the result is a number less than PLACE
//	handle=WORDS   on which handles the wakes work: conn, pipe, file, tty, fd; all
//	               if absent
//	through=NAMES  types of the package that get the method by embedding, so that
//	               (*net.TCPConn).Read is found as (*net.conn).Read
//	except=NAMES   those of them with which the call waits for nobody
//	since=1.N      the first Go version that has the symbol, if not 1.0
//	use=SYMBOL@1.N the form that takes a context, and the Go version that has it;
//	               without @1.N in modules other than std; use=select where the
//	               call is replaced by a select
//	how=WORD       how a call is turned into that form: see [How]
//	fix="TEXT"     what to do instead, in words
//	fixsince=1.N   the Go version that TEXT needs
//
// Everything after -- is a note for the reader, shown by explain.
package kb
