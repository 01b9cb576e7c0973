// Package nogo drives the checks as nogo does, the analysis of Bazel's rules for Go.
// There is no Bazel: the tests stand in for it, and call the builder of rules_go as
// its rules do.
package nogo

// What the tests need from the module cache.
import (
	_ "github.com/aymanbagabas/go-udiff"
	_ "github.com/bazelbuild/rules_go/go/runfiles"

	_ "github.com/killcheck/killcheck/passes"
)
