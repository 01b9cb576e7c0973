// Package lsp brings findings into editors by the Language Server Protocol.
//
// There are two fronts over one core. [Proxy] stands between an editor and the
// real gopls: frames pass as the bytes they came in, and only four things are
// changed on the way: published diagnostics, pulled diagnostics, code actions
// and hovers get our part added. [Server] is the same core without gopls, for
// editors that run several servers for one language.
//
// The core keeps the text of the open documents, starts one analysis for each
// package directory when a document is opened, changed or saved, cancels a run
// that a later change has superseded, and moves findings with the text until
// the next run. A [Backend] does the analysis; [Vet] runs go vet, so findings
// and facts live in the build cache and are shared with the command line.
//
// Invariants: a frame that needs no change is never decoded further than its
// method and id. Findings of a run are shown only if no document of that
// package has changed since the run began. A fix whose files have changed since
// the analysis is never offered. When the editor is gone, every process that
// was started ends.
package lsp
