// Package directive reports killcheck comments that have no effect.
//
// # Analyzer directive
//
// directive: report killcheck comments that are wrong or not needed
//
// A comment can hide a finding or say how long a goroutine is meant to live:
//
//	//killcheck:ignore CHECK[,CHECK] -- reason
//	//killcheck:lifetime process -- reason
//	//nolint:killcheck // reason
//
// It covers its own line, the line below it and, in the doc comment of a
// function, the whole function. The check reports a comment without a reason,
// one of another form, such as one with a blank after its slashes, a block comment
// or another spelling of killcheck, one that names an unknown check, and an
// ignore that hides nothing. Whether an ignore is needed does not depend on
// which checks are on. The form of golangci-lint hides the findings of all
// checks; golangci-lint itself heeds it in its own way.
//
// Why it matters. A comment that has no effect claims something about the code
// that is no longer true, and will hide the next finding without anybody
// knowing.
//
// Not reported. Anything in generated files. Unused comments in a package where
// a check has failed.
//
// Fix. None: remove or mend the comment by hand.
package directive
