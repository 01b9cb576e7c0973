// Package accepts holds fixtures.
package accepts
