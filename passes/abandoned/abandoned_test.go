package abandoned

import (
	"testing"

	"github.com/killcheck/killcheck/passes/internal/passtest"
	"github.com/killcheck/killcheck/passes/internal/report"
)

func Test(t *testing.T) {
	passtest.Run(t, New(report.Options{Core: true}), "abandoned", "leaving", "fakes", "stopping", "pipes", "unread", "callees", "helping", "tokens", "seats", "apart", "standstills", "usual")
}

// TestTier shows what belongs to the extended tier.
func TestTier(t *testing.T) {
	passtest.Extended(t, New(report.Options{Core: true}), "joined")
	passtest.Extended(t, New(report.Options{Core: true}), "oneshot")
	passtest.Extended(t, New(report.Options{Core: true}), "fedback")
	passtest.Extended(t, New(report.Options{Core: true}), "commandline")
	passtest.Extended(t, New(report.Options{Core: true}), "chosen")
	passtest.Run(t, New(report.Options{Extended: true}), "batches", "turns", "chosen", "joined", "outlives", "oneshot", "failing", "handover", "fedback", "commandline")
}

func TestDoc(t *testing.T) {
	passtest.Doc(t, New(report.Options{}))
}

func TestModule(t *testing.T) {
	passtest.Module(t, New(report.Options{}))
}
