package unsafekill

import (
	"runtime"
	"testing"

	"github.com/killcheck/killcheck/passes/internal/passtest"
	"github.com/killcheck/killcheck/passes/internal/report"
)

func TestDoc(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the example names system calls of linux")
	}
	passtest.Doc(t, New(report.Options{}))
}

func TestWants(t *testing.T) {
	passtest.Wants(t, New(report.Options{}))
}
