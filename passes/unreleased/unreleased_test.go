package unreleased

import (
	"testing"

	"github.com/killcheck/killcheck/passes/internal/passtest"
	"github.com/killcheck/killcheck/passes/internal/report"
)

func Test(t *testing.T) {
	passtest.Run(t, New(report.Options{Core: true}), "unreleased", "groups", "contexts", "circles", "starts", "errgroups", "closes", "handles", "spent", "skips", "gates", "lefts", "conds", "standstills")
}

// TestTier shows what belongs to the extended tier.
func TestTier(t *testing.T) {
	passtest.Extended(t, New(report.Options{Core: true}), "accepts")
	passtest.Extended(t, New(report.Options{Core: true}), "daemon")
	passtest.Extended(t, New(report.Options{Core: true}), "nothing")
	passtest.Run(t, New(report.Options{Extended: true}), "accepts", "daemon", "nothing")
}

func TestModule(t *testing.T) {
	passtest.Module(t, New(report.Options{}))
}

func TestDoc(t *testing.T) {
	passtest.Doc(t, New(report.Options{}))
}

// TestWake applies the fixes that need a review, too.
func TestWake(t *testing.T) {
	passtest.Run(t, New(report.Options{Review: true}), "wake")
}

func TestWants(t *testing.T) {
	passtest.Wants(t, New(report.Options{}))
}
