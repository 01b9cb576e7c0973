package promote

import (
	"io"
	"strings"
)

// crashText is what the runtime of a child writes when it crashes.
type crashText struct {
	tail tail
	text string
	read chan struct{} // closed when text is complete
}

// error splits the crash output into what happened and where. The runtime
// leaves out the first line if it is a fatal error such as a concurrent map
// write.
func (t crashText) error(worker string) error {
	text := strings.TrimSpace(t.text)
	if strings.HasPrefix(text, "goroutine ") {
		return &PanicError{worker, "fatal error, named on standard error", text}
	}
	value, stack, _ := strings.Cut(text, "\n")
	return &PanicError{worker, strings.TrimPrefix(value, "panic: "), strings.TrimSpace(stack)}
}

// readCrash collects what the runtime writes when the child crashes.
func (c *child) readCrash() {
	defer close(c.crash.read)
	defer c.crash.tail.f.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, io.LimitReader(&c.crash.tail, maxControl)); err == nil {
		_, _ = io.Copy(io.Discard, &c.crash.tail) // the child must not block on a full pipe
	}
	c.crash.text = b.String()
}
