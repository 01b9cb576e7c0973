package spawn_test

import (
	"strings"
	"testing"

	"github.com/killcheck/killcheck/analyzer/internal/roomtest"
	"github.com/killcheck/killcheck/analyzer/spawn"
)

// TestSpawn tells of each start of a goroutine how it starts and what it runs, and
// of each function which parameters it starts or runs.
func TestSpawn(t *testing.T) {
	roomtest.Run(t, func(p *roomtest.Package) {
		for _, s := range p.Sites {
			words := []string{map[spawn.Kind]string{spawn.Go: "go", spawn.Call: "call", spawn.Wrapper: "wrapper"}[s.Kind]}
			if s.Via != "" {
				words = append(words, "by "+s.Via)
			}
			if s.Body != nil {
				words = append(words, "runs "+s.Body.RelString(p.Pkg))
			} else {
				words = append(words, "runs what is not known")
			}
			if s.Join {
				words = append(words, "joined")
			}
			if s.Once {
				words = append(words, "once")
			}
			p.Say(s.Pos, "%s", strings.Join(words, ", "))
		}
		for fn, params := range p.Finder.Spawns {
			for _, i := range params {
				p.Say(fn.Pos(), "starts %s", fn.Signature.Params().At(i).Name())
			}
		}
		for fn, params := range p.Finder.Runs {
			for _, i := range params {
				p.Say(fn.Pos(), "runs %s", fn.Signature.Params().At(i).Name())
			}
		}
	})
}
