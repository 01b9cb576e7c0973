package count_test

import (
	"fmt"
	"go/token"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/count"
	"github.com/killcheck/killcheck/analyzer/event"
	"github.com/killcheck/killcheck/analyzer/group"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/signal"
)

// TestCount tells of each send of a goroutine how many it and others can do on the
// channel, and how many of them the function that starts it takes at least; and of each
// loop how often it goes round.
func TestCount(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		prog := program.New(p.Input)
		ct := count.New(group.New(event.New(prog)))
		for _, g := range prog.Goroutines {
			for _, f := range g.Frames {
				for _, s := range ct.SendsOf(f.Fn) {
					p.Say(s.Pos(), "%s", sends(ct, p, g, f, s, prog.Goroutines))
				}
			}
		}
		for _, fn := range p.Functions {
			if !fn.Pos().IsValid() {
				continue
			}
			for _, l := range prog.PlainGraph(fn).All() {
				p.Say(pos(l.Head), "goes round %s", number(count.Bound(l)))
			}
		}
	})
}

// pos returns the position of a loop: that of the first instruction that has one.
func pos(b *ssa.BasicBlock) token.Pos {
	for _, in := range b.Instrs {
		if in.Pos().IsValid() {
			return in.Pos()
		}
	}
	return b.Parent().Pos()
}

func sends(ct *count.Counts, p *roomtest.Package, g *program.Goroutine, f *program.Frame, s *ssa.Send, all []*program.Goroutine) string {
	c := p.Graph.Class(p.Base, s.Chan)
	words := []string{"sends " + number(ct.SendsUpTo(f, s, c))}
	if n := ct.OtherSends(g, c, all); n > 0 {
		words = append(words, "others "+number(n))
	}
	recvs := c.Has(signal.Recv, signal.Range)
	if owner, start := ct.Owner(g, c, recvs, all); owner != nil {
		counter := ct.NewCounter(owner, c, recvs)
		counter.Child = g
		if l, ok := counter.Least(start); counter.Defers() {
			words = append(words, "taken by what is deferred")
		} else if ok {
			words = append(words, fmt.Sprintf("taken %s at least in %s", number(l.Count), owner.Name()))
		} else {
			words = append(words, "taken always in "+owner.Name())
		}
		if len(c.Makes) == 1 && c.Makes[0].Parent() == owner {
			if n := ct.Rounds(c.Makes[0], start); n != 1 {
				words = append(words, "started "+number(n)+" times")
			}
		}
	}
	return strings.Join(words, ", ")
}

func number(n int) string {
	if n >= count.Many {
		return "many"
	}
	return fmt.Sprint(n)
}
