package ignoredstop

import (
	"testing"

	"github.com/killcheck/killcheck/passes/internal/passtest"
	"github.com/killcheck/killcheck/passes/internal/report"
)

func Test(t *testing.T) {
	passtest.Run(t, New(report.Options{Core: true}), "ignoredstop", "command")
}

// TestTier shows what belongs to the extended tier.
func TestTier(t *testing.T) {
	for _, pkg := range []string{"handed", "called"} {
		passtest.Extended(t, New(report.Options{Core: true}), pkg)
	}
	passtest.Run(t, New(report.Options{Extended: true}), "called", "outlives")
}

func TestModule(t *testing.T) {
	passtest.Module(t, New(report.Options{}))
}

func TestDoc(t *testing.T) {
	passtest.Doc(t, New(report.Options{}))
}

// TestTells applies the fixes that need a review, too.
func TestTells(t *testing.T) {
	passtest.Run(t, New(report.Options{Review: true}), "tells")
}
