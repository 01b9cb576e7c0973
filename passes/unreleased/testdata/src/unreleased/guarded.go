package unreleased

// A wait that is done only if there is a channel: only tests make one.

type hooked struct{ before, after chan struct{} }

func newHooked() *hooked { h := &hooked{}; go h.runOk(); go h.runBad(); return h }

func (h *hooked) runOk() {
	if h.before != nil {
		<-h.before
	}
	if h.before == nil {
		return
	}
	<-h.before
}

func (h *hooked) runBad() {
	if h.before == nil {
		<-h.after // want "h.after is never made, and a nil channel never wakes anybody"
	}
}
