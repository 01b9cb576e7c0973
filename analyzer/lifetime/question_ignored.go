package lifetime

// ignoredStops reports where a goroutine stays although a stop signal is in
// reach.
func (w *world) ignoredStops(g *Goroutine) {
	for _, s := range w.stays(g) {
		if s.Stop.Expr != "" {
			w.report(g, s.F, Obstacle{
				Kind: IgnoredStop, Pos: s.Pos, Extended: s.Kind == Answer && w.inTest(s.Pos),
				Message: w.ignores(s) + w.andReach(s.Stop),
				Remedy:  w.staying(g, s),
			})
		}
	}
}

// ignores says in what the goroutine does not stop.
func (w *world) ignores(s Stay) string {
	switch s.Kind {
	case Retry:
		return "goroutine does not stop while it retries: the loop ends only when the work succeeds"
	case Starved:
		return "goroutine does not stop while it waits for " + w.syn.channel(s.Pos) + ", which nothing closes"
	case Answer:
		return "goroutine does not stop while it waits for " + w.syn.channel(s.Pos) + ", on which an answer need not come"
	}
	return "goroutine never stops: " + w.describe(s)
}
