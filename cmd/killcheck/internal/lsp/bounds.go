package lsp

import (
	"fmt"
	"time"

	"github.com/killcheck/killcheck/internal/regular"
)

// overrun gives up: the messages of the editor fill the queue.
func (s *session) overrun() {
	text := fmt.Sprintf("gopls does not take what the editor sends: %d messages or %s wait; leaving", maxWaiting, regular.Size(maxWaitingBytes))
	s.core.Log.Print(text)
	said := make(chan struct{})
	go func() { // the editor may not read, either
		s.toEditor(notification("window/showMessage", map[string]any{"type": severityError, "message": "killcheck: " + text}))
		close(said)
	}()
	select {
	case <-said:
	case <-time.After(time.Second):
	}
	s.end(1)
}

// maxCalls is how many requests may be without an answer.
const maxCalls = 1 << 14

// note reports false if too many requests have no answer. The one for the end counts
// in any case.
func (s *session) note(c call) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.calls) >= maxCalls && c.method != "shutdown" {
		return false
	}
	s.calls[string(c.id)] = c
	return true
}
