// Package detached reports goroutines that do not share the stop signal of the
// one that starts them.
//
// # Analyzer detached
//
// detached: report goroutines that do not share the stop signal of the goroutine that starts them
//
// A goroutine that can be stopped starts others, and gives them a fresh
// context or none. They go on when it stops.
//
// Leaks:
//
//	func serve(ctx context.Context, handle func(context.Context)) {
//		go func() {
//			for ctx.Err() == nil {
//				go func() {
//					child := context.Background()
//					for child.Err() == nil {
//						handle(child)
//					}
//				}()
//				<-ctx.Done()
//			}
//		}()
//	}
//
// Stops:
//
//	func serve(ctx context.Context, handle func(context.Context)) {
//		go func() {
//			for ctx.Err() == nil {
//				go func() {
//					for ctx.Err() == nil {
//						handle(ctx)
//					}
//				}()
//				<-ctx.Done()
//			}
//		}()
//	}
//
// Why it matters. A stop must reach the whole tree. What the first goroutine
// started holds on to resources that its owner believes to be free.
//
// Not reported. Children that end by themselves, or by another stop. Children that must
// outlive their parent and say so with context.WithoutCancel. A method that a method of
// the same object starts: the context of a call is not for the time of the object.
//
// Fix. The context of the function that starts the goroutine in place of
// context.Background or context.TODO; the context of the group in place of the
// one that it was derived from (review).
package detached
