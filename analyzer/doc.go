// Package analyzer computes the lifetime of goroutines.
package analyzer
