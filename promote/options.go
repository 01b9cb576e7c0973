package promote

import (
	"io"
	"os"
	"time"
)

const (
	defaultGrace = 5 * time.Second
	defaultLimit = 64 << 20 // bytes

	// startPatience bounds the wait for the first word of a child, which it
	// says in Init.
	startPatience = 2 * time.Minute
	// maxPatience bounds the wait of an answer for its receiver after a stop.
	maxPatience = 500 * time.Millisecond
	// maxDepth bounds how deep workers may start workers.
	maxDepth = 4
)

// An Option sets a property of a worker.
type Option func(*config)

type config struct {
	grace     time.Duration
	maxArg    int
	maxResult int
	stdout    io.Writer // nil: os.Stdout at the time of the start
	stderr    io.Writer // nil: os.Stderr at the time of the start
	sentinels []error
}

func newConfig(opts []Option) *config {
	cfg := &config{grace: defaultGrace, maxArg: defaultLimit, maxResult: defaultLimit}
	for _, o := range opts {
		o(cfg)
	}
	return cfg
}

// Grace sets the time between SIGTERM and SIGKILL. The default is 5 seconds.
// With zero or less, Terminate is Kill.
func Grace(d time.Duration) Option { return func(c *config) { c.grace = d } }

// MaxArgument limits the size of an encoded argument, or of one item sent to a
// stream, in bytes. The default is 64 MiB, the most is 1 GiB.
func MaxArgument(bytes int) Option { return func(c *config) { c.maxArg = min(bytes, maxFrame) } }

// MaxResult limits the size of an encoded result, or of one item received from
// a stream, in bytes. The default is 64 MiB, the most is 1 GiB.
func MaxResult(bytes int) Option { return func(c *config) { c.maxResult = min(bytes, maxFrame) } }

// Stdout sends the child's standard output to w instead of [os.Stdout]. The
// writer is used from one goroutine for each child, and has got all that the
// child wrote when Wait or Run returns; if it blocks, they wait for it.
func Stdout(w io.Writer) Option { return func(c *config) { c.stdout = w } }

// Stderr sends the child's standard error to w instead of [os.Stderr]; see
// [Stdout].
func Stderr(w io.Writer) Option { return func(c *config) { c.stderr = w } }

// SentinelErrors names errors whose identity crosses the process border: if the
// function returns an error that wraps one of them, errors.Is finds it in the
// [FuncError].
func SentinelErrors(errs ...error) Option {
	return func(c *config) { c.sentinels = append(c.sentinels, errs...) }
}

func (c *config) outputs() (stdout, stderr io.Writer) {
	stdout, stderr = c.stdout, c.stderr
	if stdout == nil {
		stdout = os.Stdout
	}
	if stderr == nil {
		stderr = os.Stderr
	}
	return stdout, stderr
}
