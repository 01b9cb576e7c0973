package kb

// What a row may say. These tables are read only.

func setOf[T comparable](values ...T) map[T]bool {
	m := make(map[T]bool, len(values))
	for _, v := range values {
		m[v] = true
	}
	return m
}

var effects = setOf(Blocks, Bounded, Passes, Instant, Spawns, Callback, NoReturn, StopSignal,
	Channel, NeverClosed, Derives, Raises, Lock, Unlock, RLock, RUnlock, FlagLoad, FlagStore, KillThread,
	Blocking, Polled, EndError, ErrorIs)

var kinds = setOf(KindAddress, KindCgo, KindChan, KindCPU, KindCtx, KindDNS, KindExit, KindFileIO, KindFileMeta,
	KindFIFO, KindFlag, KindFunc, KindHTTPClient, KindHTTPServer, KindLock, KindLoop, KindNetAccept, KindNetDial,
	KindNetIO, KindNetListen, KindPipeIO, KindProc, KindRPC, KindRuntime, KindSignal, KindSleep,
	KindSpawn, KindSQL, KindStream, KindSyscall, KindTest, KindThread, KindTimer, KindTTY, KindUnknown, KindWait)

var hows = setOf(Prepend, PrependNil, Zero, Drop)

var handles = setOf("conn", "pipe", "file", "tty", "fd")

// events lists for each event the places it may be tied to, between bars.
var events = map[Event]string{
	CtxDone:       "|recv|arg|in-arg|",
	Close:         "|recv|arg|in-arg|res|",
	Deadline:      "|recv|arg|in-arg|res|",
	Kill:          "|recv|arg|",
	Stop:          "|recv|arg|in-arg|",
	Underlying:    "|recv|arg|in-arg|",
	TimeoutArg:    "||recv|arg|in-arg|",
	Time:          "||recv|arg|",
	Broadcast:     "|recv|",
	SignalOne:     "|recv|",
	Done:          "|recv|",
	Release:       "|recv|arg|",
	Peer:          "||recv|arg|res|",
	CallbackError: "|arg|",
	SelectStop:    "||",
	Reset:         "||recv|",
	Break:         "||",
	Never:         "||",
}
