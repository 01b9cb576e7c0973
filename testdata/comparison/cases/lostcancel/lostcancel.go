// Package lostcancel drops the function that cancels a context.
package lostcancel

import "context"

// Run waits for a context that nobody cancels.
func Run() {
	ctx, _ := context.WithCancel(context.Background())
	go func() { <-ctx.Done() }()
}
