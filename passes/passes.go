// Package passes lists the checks of killcheck. It is the package to import for
// a driver of one's own.
package passes

import (
	"golang.org/x/tools/go/analysis"

	"github.com/killcheck/killcheck/passes/abandoned"
	"github.com/killcheck/killcheck/passes/detached"
	"github.com/killcheck/killcheck/passes/directive"
	"github.com/killcheck/killcheck/passes/dirtystop"
	"github.com/killcheck/killcheck/passes/endless"
	"github.com/killcheck/killcheck/passes/falsestop"
	"github.com/killcheck/killcheck/passes/heldlock"
	"github.com/killcheck/killcheck/passes/ignoredstop"
	"github.com/killcheck/killcheck/passes/internal/report"
	"github.com/killcheck/killcheck/passes/unclosed"
	"github.com/killcheck/killcheck/passes/uninterruptible"
	"github.com/killcheck/killcheck/passes/unjoined"
	"github.com/killcheck/killcheck/passes/unreleased"
	"github.com/killcheck/killcheck/passes/unsafekill"
)

// A Tier says how sure a check is.
type Tier string

// The tiers.
const (
	Core     Tier = "core"     // on by default: what is most often right
	Extended Tier = "extended" // for those who ask: policy, or not yet proved on much code
)

// A Check is one entry of the suite.
type Check struct {
	Analyzer *analysis.Analyzer
	Tier     Tier
}

// Options are the settings of a suite.
type Options struct {
	Review   bool // the default of the flag -review of each check: offer fixes that a person has to look at
	Extended bool // the default of the flag -extended of each check: report less certain findings
	Compact  bool // for drivers that show related information badly: put the spawn into the message
}

// A Suite is a list of checks, in the order in which they are documented.
type Suite []Check

// New returns a new suite. Its analyzers, and so their flags, belong to the
// caller.
//
// Left out on purpose:
//   - a check that asks whether somebody waits for each goroutine: most need no
//     one to wait, so that unjoined asks it only where a Stop method exists
//   - a check that wants ctx as the first parameter, or mentioned in each
//     goroutine: to mention a context is not to heed it, and others check this
//   - a check that counts goroutines started in a loop: that is load, not lifetime
func New(options Options) Suite {
	var suite Suite
	add := func(tier Tier, build func(report.Options) *analysis.Analyzer, first ...*analysis.Analyzer) *analysis.Analyzer {
		suite = append(suite, Check{Tier: tier, Analyzer: build(report.Options{
			Core:     tier == Core,
			Review:   options.Review,
			Extended: options.Extended,
			Compact:  options.Compact,
			First:    first,
		})})
		return suite[len(suite)-1].Analyzer
	}
	// That a stop does not work, or that a lock is held, is the reason for the
	// rest, so these two go first where others have something to say of the wait.
	falsestop := add(Core, falsestop.New)
	heldlock := add(Core, heldlock.New)
	// The three that most leak fixes are about, and what never gets its signal.
	add(Core, endless.New, falsestop)
	add(Core, ignoredstop.New, falsestop)
	add(Core, abandoned.New, heldlock)
	add(Core, unreleased.New, falsestop, heldlock)
	add(Core, uninterruptible.New, falsestop)
	add(Core, unsafekill.New)
	// Policy: true, but not everybody wants to hear it.
	add(Extended, unclosed.New)
	add(Extended, detached.New)
	add(Extended, unjoined.New)
	add(Extended, dirtystop.New, heldlock)

	// Last, since it needs the results of all others.
	suite = append(suite, Check{Tier: Core, Analyzer: directive.New(suite.Analyzers(), options.Compact)})
	return suite
}

// Analyzers returns the analyzers of the suite, in its order.
func (s Suite) Analyzers() []*analysis.Analyzer {
	all := make([]*analysis.Analyzer, len(s))
	for i, check := range s {
		all[i] = check.Analyzer
	}
	return all
}
