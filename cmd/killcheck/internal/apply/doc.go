// Package apply puts the fixes of findings into source files: it merges their
// edits, lays out the inserted text, and writes each file whole or not at all.
//
// The steps are [Merge], which needs nothing but the files, and [Plan.Write],
// or [Unified] for those who only want to see the difference.
//
// What it promises:
//   - A file is changed only if its text is the one that was analysed.
//   - Only what a fix edits changes. Line ends, a byte order mark and lines that
//     gofmt would change stay as they are.
//   - At every moment each file holds its old text or its new one, whichever
//     process is killed and whatever the disk says.
//   - A fix is made in all of its files or in none, unless this process is killed
//     between two renames.
//   - Generated files, those of cgo, those with //line comments and those of other
//     modules are never written.
package apply
