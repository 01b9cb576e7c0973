// Package analyzer computes the lifetime of goroutines: whether each of them
// can return once somebody asks it to stop. It reports nothing and edits
// nothing; the checks under passes do that from its [Result].
//
// This page is the map of the engine. Each package below says more.
//
// # Pipeline
//
// One run of [Analyzer] looks at one package:
//
//  1. Is there anything concurrent? The syntax is searched for go statements,
//     channels, and calls that start, stop or hold up a goroutine. Without any,
//     the run ends here. Most packages do, and no SSA is built for them.
//  2. SSA is built for this package only. Imported packages are known by their
//     types.
//  3. Package signal builds a graph of which channels, contexts, handles, flags
//     and functions may be the same, and who raises them.
//  4. Package spawn finds the places where goroutines start: go statements,
//     library functions with a row in the knowledge base, and functions that
//     pass a parameter on to one of these.
//  5. Package lifetime follows each goroutine through the calls it makes, finds
//     the loops and waits that it can stay in, and asks what ends them. What
//     nothing ends is an obstacle. The graph tools are those of package flow.
//  6. The summaries of exported functions become facts for the packages that
//     import this one.
//
// A check takes the obstacles of its kind, words them and builds the fix from
// the remedy that the obstacle carries.
//
// # Terms
//
// A spawn is where a goroutine starts, its body the function that it runs. A
// wait is a point where control can stay without bound: a blocking operation,
// or a loop without one. A wake is an event that ends a wait, such as a close of
// its channel. To raise a signal is to perform that event. A stop signal is one
// that somebody outside the goroutine can raise. An obstacle says why no stop
// can end a wait, and a remedy what would let it. A goroutine has process
// lifetime if it is meant to live as long as the program: main, init or a
// command starts it once, a sync.Once or a package-level variable lets it start
// only once, or a comment says so. The runtime's own goroutines have it all.
//
// # What is known of other code
//
// Code that is not read is known in two ways. The knowledge base, package kb,
// holds rows for the standard library and some others. Facts, the summaries of
// package summary, tell what a function of another package does that matters to
// its callers: that it never returns, runs or spawns a parameter, or starts a
// goroutine. A call through an interface of the package is followed where one
// type alone implements it. All else is unknown. A value that reaches unknown
// code may be closed, sent to or cancelled there, and no obstacle is made of it.
// So a finding rests on code that was read, or on a row, and code that was not
// read can only take findings away.
//
// # Invariants
//
//   - Nothing below this package makes a diagnostic or an edit.
//   - What is unknown is never an obstacle.
//   - Names of libraries stand in the rows of the knowledge base and nowhere else.
//   - There is one fact per function, and one analyzer that owns it. It holds
//     booleans, strings, integers and slices of them, sorted: the same source
//     gives the same bytes, on which the build cache of go vet relies.
//   - A result does not depend on flags of the checks, on files other than the
//     source, or on the environment.
//   - A panic becomes [Result].Internal: it must not take the findings of other
//     packages with it.
//   - Flow knows no library, and kb no syntax. Imports go from lifetime to
//     summary, signal and spawn, and from these to flow and kb.
package analyzer
