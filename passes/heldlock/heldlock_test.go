package heldlock

import (
	"testing"

	"github.com/killcheck/killcheck/passes/internal/passtest"
	"github.com/killcheck/killcheck/passes/internal/report"
)

func Test(t *testing.T) {
	passtest.Run(t, New(report.Options{Core: true}), "embedding", "heldlock", "kept")
}

// TestTier shows what belongs to the extended tier.
func TestTier(t *testing.T) {
	passtest.Extended(t, New(report.Options{Core: true}), "unsure")
	passtest.Run(t, New(report.Options{Extended: true}), "unsure")
}

func TestDoc(t *testing.T) {
	passtest.Doc(t, New(report.Options{}))
}

// TestWake applies the fixes that need a review, too.
func TestWake(t *testing.T) {
	passtest.Run(t, New(report.Options{Review: true}), "wake", "twice")
}

func TestWants(t *testing.T) {
	passtest.Wants(t, New(report.Options{}))
}
