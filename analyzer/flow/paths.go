package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Paths holds the ways through a function on which no branch contradicts what the
// way has set or tested before: a flag, an error, a comparison that comes again.
// Where they are too many, all ways of the graph are taken to be possible.
type Paths struct {
	g     *Graph
	vars  *variables
	at    map[*ssa.BasicBlock][]State
	succs map[State][]Next
	preds map[State][]State
}

// A State is a block with what is known whenever control comes to it in one way.
type State struct {
	Block *ssa.BasicBlock
	known string // a byte for each variable; empty if nothing is known
}

// Next is a state that follows on another by an edge of its block.
type Next struct {
	State
	Edge int
}

// Flags tells which calls load and store a variable, as the methods of an atomic
// flag do. A nil function knows none.
type Flags struct {
	Load  func(*ssa.Call) (addr ssa.Value)
	Store func(*ssa.Call) (addr, value ssa.Value)
}

// NewPaths returns the ways through the function of the graph.
func NewPaths(g *Graph, flags Flags) *Paths {
	p := &Paths{g: g, vars: newVariables(g, flags)}
	if !p.find(32*len(g.Fn.Blocks) + 256) {
		p.vars = &variables{}
		p.find(len(g.Fn.Blocks) + 1)
	}
	return p
}

// At returns the states in which control comes to the block. There are none if it
// does not come there.
func (p *Paths) At(b *ssa.BasicBlock) []State { return p.at[b] }

// Succs returns the states that may follow.
func (p *Paths) Succs(s State) []Next { return p.succs[s] }

// Preds returns the states that may have come before.
func (p *Paths) Preds(s State) []State { return p.preds[s] }

// find collects the states from the entry on, unless there are more than the
// limit.
func (p *Paths) find(limit int) bool {
	p.at = make(map[*ssa.BasicBlock][]State)
	p.succs = make(map[State][]Next)
	p.preds = make(map[State][]State)
	if len(p.g.Fn.Blocks) == 0 {
		return true
	}
	start := State{Block: p.g.Fn.Blocks[0], known: p.vars.nothing()}
	seen := map[State]bool{start: true}
	work := []State{start}
	for len(work) > 0 {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		p.at[s.Block] = append(p.at[s.Block], s)
		for i, to := range s.Block.Succs {
			if !slices.Contains(p.g.Succs(s.Block), to) {
				continue
			}
			known, ok := p.vars.take(s, i)
			if !ok {
				continue
			}
			n := Next{State{to, known}, i}
			p.succs[s] = append(p.succs[s], n)
			p.preds[n.State] = append(p.preds[n.State], s)
			if !seen[n.State] {
				seen[n.State] = true
				if len(seen) > limit {
					return false
				}
				work = append(work, n.State)
			}
		}
	}
	return true
}
