package flow

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/killcheck/killcheck/analyzer/code"
)

// WithoutError returns the block that control comes to where the call has given no error,
// or nil if that is not asked.
func WithoutError(c *ssa.Call) *ssa.BasicBlock {
	for _, r := range *c.Referrers() {
		err, ok := r.(*ssa.Extract)
		if !ok || !code.IsError(err.Type()) {
			continue
		}
		for _, r := range *err.Referrers() {
			cmp, ok := r.(*ssa.BinOp)
			if !ok || cmp.Op != token.NEQ && cmp.Op != token.EQL || !code.IsNil(cmp.Y) {
				continue
			}
			for _, r := range *cmp.Referrers() {
				if i, ok := r.(*ssa.If); ok {
					if cmp.Op == token.EQL {
						return i.Block().Succs[0]
					}
					return i.Block().Succs[1]
				}
			}
		}
	}
	return nil
}
