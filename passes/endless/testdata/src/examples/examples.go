// Package examples has examples only.
package examples
