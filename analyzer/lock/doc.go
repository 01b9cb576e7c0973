// Package lock knows which locks are held at an instruction, and which ones a
// call takes or gives back. Whether a wait under a lock is a fault is the
// question of a check.
package lock
