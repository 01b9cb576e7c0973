package lifetime

// endlessLoops reports where a goroutine stays for ever that has no stop signal
// in reach.
func (w *world) endlessLoops(g *Goroutine) {
	for _, s := range w.stays(g) {
		if s.Stop.Expr == "" {
			w.report(g, s.F, Obstacle{
				Kind: Endless, Pos: s.Pos, Extended: s.Kind == NoExitStay && w.inCommand(),
				Message: "goroutine never stops: " + w.describe(s) + orSay,
				Remedy:  w.staying(g, s),
			})
		}
	}
}
