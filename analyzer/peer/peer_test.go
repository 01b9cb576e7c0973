package peer_test

import (
	"slices"
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
)

// TestPeer tells of each send and receive why the other end may not come, of each
// receive who may leave without raising its channel, and of each wait for a group or
// condition variable why it may not end.
func TestPeer(t *testing.T) {
	by := [...]string{"the spawner leaves", "the sender leaves", "the answerer leaves", "the answerer is not started"}
	groups := [...]string{"nothing signals", "nothing is done", "waits for itself", "more is counted", "more is added", "all rounds are counted", "a member leaves"}
	unmet := [...]string{"nothing receives", "the receiver starts later", "the maker gives up", "fewer are taken", "the receiver leaves", "the sender leaves", "the loop leaves"}
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		gr := group.New(event.New(prog))
		ct := count.New(gr)
		peers := peer.New(capacity.New(ct), circle.New(ct), join.New(gr))
		for _, g := range prog.Goroutines {
			for _, x := range peers.Unmet(g) {
				p.Say(x.Pos, "%s", unmet[x.Kind])
			}
		}
		for _, x := range peers.StopSends() {
			p.Say(x.Pos, "%s", unmet[x.Kind])
		}
		for _, u := range slices.Concat(peers.Unraised(), peers.Unstarted()) {
			p.Say(u.Pos, "%s", by[u.Kind])
		}
		for _, x := range peers.Groups() {
			p.Say(x.Pos, "%s", groups[x.Kind])
		}
	})
}
