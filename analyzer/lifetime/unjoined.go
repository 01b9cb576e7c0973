package lifetime

// unjoined reports the goroutines that a Stop or Close tells to end, and whose end
// nobody can wait for.
func (w *world) unjoined(gs []*Goroutine, o *owners) {
	for _, l := range o.unjoined(gs) {
		ender := l.e.ender
		msg := "goroutine may run on after " + ender + " of " + l.e.by.name.Name() + " has returned: " + ender + " tells it to stop, but nobody can wait until it has ended"
		if l.freed != "" {
			msg += ", and it may still use " + l.freed + ", which " + ender + " closes"
		}
		raise := l.e.raises[0].Pos()
		w.report(l.g, nil, Obstacle{Kind: Unjoined, Pos: l.g.Site.Pos, End: l.g.Site.End, Extended: true, Message: msg, Remedy: Remedy{Op: Join, Pos: l.g.Site.Pos, Use: ender}},
			Step{Pos: w.syn.start(raise), End: w.syn.end(raise), Text: "this tells it to stop"})
	}
}
