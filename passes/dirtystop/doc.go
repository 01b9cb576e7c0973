// Package dirtystop reports stop paths that leave a lock held or a resource
// open.
//
// # Analyzer dirtystop
//
// dirtystop: report stop paths that leave a lock held or a resource open
//
// The other ways out of the function release the lock or close the resource.
// The way that the stop takes does not.
//
// Leaks:
//
//	func drain(ctx context.Context, mu *sync.Mutex, jobs <-chan int, work func(int)) {
//		go func() {
//			for {
//				mu.Lock()
//				select {
//				case job, ok := <-jobs:
//					if !ok {
//						mu.Unlock()
//						return
//					}
//					work(job)
//				case <-ctx.Done():
//					return
//				}
//				mu.Unlock()
//			}
//		}()
//	}
//
// Stops:
//
//	func drain(ctx context.Context, mu *sync.Mutex, jobs <-chan int, work func(int)) {
//		go func() {
//			for {
//				mu.Lock()
//				select {
//				case job, ok := <-jobs:
//					if !ok {
//						mu.Unlock()
//						return
//					}
//					work(job)
//				case <-ctx.Done():
//					mu.Unlock()
//					return
//				}
//				mu.Unlock()
//			}
//		}()
//	}
//
// Why it matters. The goroutine stops, and what it held is lost: the next one
// to take the lock waits for ever.
//
// Not reported. Resources that somebody else releases. Functions in which no
// path releases the resource.
//
// Fix. The call that the other paths make, before the return (safe).
// There is none if what is returned may be computed from what that call gives up.
package dirtystop
