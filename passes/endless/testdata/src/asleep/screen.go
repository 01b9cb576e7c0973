package asleep

import (
	"time"

	"example.com/away"
)

// A Screen hands functions to a loop that it does not own: its Stop must not wait for that.
type Screen struct {
	app *away.App
	n   int
}

func NewScreen(app *away.App) *Screen {
	s := &Screen{app: app}
	go s.drawBad()
	return s
}

func (s *Screen) drawBad() {
	for { // want "the loop has no exit"
		s.app.Update(func() { s.n++ })
		time.Sleep(time.Second)
	}
}
