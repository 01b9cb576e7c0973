package edit

import "github.com/killcheck/killcheck/passes/internal/remedy"

// A Builder makes the fix for the remedy of a site. The error says why there is
// none.
type Builder func(*Site) (Fix, error)

// A Family says which of its functions makes the fix for an operation. They work on
// a site of the family's own.
type Family[S any] map[remedy.Op]func(S) (Fix, error)

// Builder returns the builder for the operation, or nil if it is not one of the
// family. The function own makes the family's site.
func (f Family[S]) Builder(op remedy.Op, own func(*Site) S) Builder {
	build := f[op]
	if build == nil {
		return nil
	}
	return func(s *Site) (Fix, error) { return build(own(s)) }
}
