package report

import (
	"go/token"

	"github.com/killcheck/killcheck/passes/internal/remedy"
)

// A Question is what one check asks the model of a package: it collects the
// answers.
type Question struct {
	*remedy.Remedies
	found []Finding
	seen  map[token.Pos]bool
}
