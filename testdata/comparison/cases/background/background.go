// Package background gives a callee another context than its own. Nothing leaks.
package background

import "context"

// Run calls with a context.
func Run() { handle(context.TODO()) }

func handle(ctx context.Context) {
	if ctx.Err() == nil {
		query(context.Background())
	}
}

func query(ctx context.Context) { _ = ctx.Err() }
