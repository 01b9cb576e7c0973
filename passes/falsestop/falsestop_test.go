package falsestop

import (
	"testing"

	"github.com/killcheck/killcheck/passes/internal/passtest"
	"github.com/killcheck/killcheck/passes/internal/report"
)

func Test(t *testing.T) {
	passtest.Run(t, New(report.Options{Core: true}), "falsestop", "commands", "process")
}

func TestModule(t *testing.T) {
	passtest.Module(t, New(report.Options{}))
}

func TestDoc(t *testing.T) {
	passtest.Doc(t, New(report.Options{}))
}

// TestWake applies the fixes that need a review, too.
func TestWake(t *testing.T) {
	if testing.Short() {
		t.Skip("reads much of the standard library")
	}
	passtest.Run(t, New(report.Options{Review: true}), "wake")
}

func TestWants(t *testing.T) {
	passtest.Wants(t, New(report.Options{}))
}
