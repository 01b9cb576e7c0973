package heldlock

import (
	"testing"

	"github.com/killcheck/killcheck/passes/internal/passtest"
	"github.com/killcheck/killcheck/passes/internal/report"
)

func TestDoc(t *testing.T) {
	passtest.Doc(t, New(report.Options{}))
}
