package report

import (
	"go/token"

	"github.com/killcheck/killcheck/analyzer/program"
	"github.com/killcheck/killcheck/analyzer/spawn"
	"github.com/killcheck/killcheck/passes/internal/remedy"
)

// A Finding is a reason why no stop can end a wait.
type Finding struct {
	Site     *spawn.Site    // the goroutine; nil where the finding belongs to none
	Pos, End token.Pos      // what the report underlines
	Instead  token.Pos      // the wait that this explains, if it stands elsewhere; see Options.First
	Message  string         // lower case, no full stop: the subject, a colon, the reason
	Path     []program.Step // from the spawn to the obstacle; Path[0] is the spawn if Site != nil
	Extended bool           // not sure enough for the core tier of its check
	OneWay   bool           // it is so on one way only, and all is well on another
	Remedy   remedy.Remedy
}
