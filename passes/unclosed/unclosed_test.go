package unclosed

import (
	"testing"

	"github.com/killcheck/killcheck/passes/internal/passtest"
	"github.com/killcheck/killcheck/passes/internal/report"
)

func TestDoc(t *testing.T) {
	passtest.Doc(t, New(report.Options{}))
}

func Test(t *testing.T) {
	passtest.Run(t, New(report.Options{Review: true}), "unclosed", "started")
}

func TestTier(t *testing.T) {
	passtest.Extended(t, New(report.Options{Core: true}), "unclosed")
}

func TestRows(t *testing.T) {
	passtest.Run(t, New(report.Options{}), "rows")
}
