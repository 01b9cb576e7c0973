package endless

import (
	"testing"

	"github.com/killcheck/killcheck/passes/internal/passtest"
	"github.com/killcheck/killcheck/passes/internal/report"
)

func Test(t *testing.T) {
	passtest.Run(t, New(report.Options{Core: true}), "endless", "command")
}

// TestExamples shows what belongs to the extended tier: a test ends soon.
func TestExamples(t *testing.T) {
	passtest.Run(t, New(report.Options{Extended: true}), "examples")
}

func TestModule(t *testing.T) {
	passtest.Module(t, New(report.Options{}))
}

func TestDoc(t *testing.T) {
	passtest.Doc(t, New(report.Options{}))
}
