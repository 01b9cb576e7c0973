package code_test

import (
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
)

// TestCode tells of each parameter what it is by its type, and of each operation
// what code knows of it.
func TestCode(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		for _, fn := range p.Functions {
			for _, v := range fn.Params {
				for what, is := range map[string]bool{
					"context": code.IsContext(v.Type()), "stop channel": code.IsStopChan(v.Type()), "error": code.IsError(v.Type()),
				} {
					if is {
						p.Say(v.Pos(), "%s: %s", v.Name(), what)
					}
				}
			}
		}
		p.Each(func(in ssa.Instruction) {
			switch in := in.(type) {
			case *ssa.UnOp:
				if code.IsRecv(in) && code.RecvIsRange(in) {
					p.Say(in.Pos(), "receives in a range")
				} else if code.IsRecv(in) {
					p.Say(in.Pos(), "receives")
				}
			case *ssa.BinOp:
				if tested, ifNil := code.NilTest(in); tested != nil {
					p.Say(in.Pos(), "asks whether it is nil, holds if so: %v", ifNil)
				}
			case *ssa.Return:
				if !in.Pos().IsValid() {
					return
				}
				if code.ReturnsError(in) {
					p.Say(in.Pos(), "returns an error")
				}
				if code.OnlyReturns(in.Block()) {
					p.Say(in.Pos(), "only returns")
				}
				for _, v := range in.Results {
					if c := code.Source(v); c != nil {
						p.Say(in.Pos(), "%s comes from %s", v.Type(), c.Call.Value.Name())
					}
				}
			case *ssa.Send:
				if code.IsErrorChan(in) {
					p.Say(in.Pos(), "sends an error")
				}
				if code.Global(in.Chan) {
					p.Say(in.Pos(), "on a package variable")
				}
			}
		})
	})
}
