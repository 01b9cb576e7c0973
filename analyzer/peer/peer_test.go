package peer_test

import (
	"testing"

	"github.com/killcheck/killcheck/analyzer/capacity"
	"github.com/killcheck/killcheck/analyzer/circle"
	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/join"
	"github.com/killcheck/killcheck/analyzer/peer"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/raiser"
)

// TestPeer tells of each send why the other end may not come.
func TestPeer(t *testing.T) {
	unmet := [...]string{"nothing receives", "the receiver starts later", "the maker gives up", "fewer are taken", "the receiver leaves", "the sender leaves", "the loop leaves"}
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		gr := group.New(event.New(prog))
		ct := count.New(gr)
		peers := peer.New(capacity.New(ct), raiser.New(circle.New(ct)), join.New(gr))
		for _, g := range prog.Goroutines {
			for _, x := range peers.Unmet(g) {
				p.Say(x.Pos, "%s", unmet[x.Kind])
			}
		}
		for _, x := range peers.StopSends() {
			p.Say(x.Pos, "%s", unmet[x.Kind])
		}
	})
}
