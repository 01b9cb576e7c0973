// Package dropped drops the function that cancels a context, for which nobody waits.
package dropped

import "context"

// Run looks at a context once.
func Run() {
	ctx, _ := context.WithCancel(context.Background())
	_ = ctx.Err()
}
