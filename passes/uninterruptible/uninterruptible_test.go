package uninterruptible

import (
	"testing"

	"github.com/killcheck/killcheck/passes/internal/passtest"
	"github.com/killcheck/killcheck/passes/internal/report"
)

func Test(t *testing.T) {
	passtest.Run(t, New(report.Options{Core: true}), "uninterruptible")
}

func TestOthers(t *testing.T) {
	passtest.Run(t, New(report.Options{Extended: true}), "others")
}

func TestModule(t *testing.T) {
	passtest.Module(t, New(report.Options{Extended: true}))
}

func TestPromoted(t *testing.T) {
	if testing.Short() {
		t.Skip("reads much of the standard library")
	}
	passtest.Run(t, New(report.Options{Extended: true, Review: true}), "promoted")
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
