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
// Fix. None yet. Release on every path, or defer the release.
package dirtystop
