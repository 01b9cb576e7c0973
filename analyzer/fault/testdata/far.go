package far

import (
	"context"
	"sync/atomic"

	"example.com/m/lib"
)

func Far(ctx context.Context, ch chan struct{}) {
	go lib.Sleeps()                                // WANT: stuck (the loop at lib.go in example.com/m/lib.Sleeps has no exit); far: the loop at lib.go in example.com/m/lib.Sleeps has no exit
	go lib.Nothing()                               // WANT: stuck (select{} at lib.go in example.com/m/lib.Nothing waits for nothing); far: select{} at lib.go in example.com/m/lib.Nothing waits for nothing
	go lib.Daemon()                                // WANT: by process
	go lib.Deaf(ctx)                               // WANT: stuck (the loop at lib.go in example.com/m/lib.Deaf has no exit); far: the loop at lib.go in example.com/m/lib.Deaf has no exit, in reach of ctx.Done(), given
	go lib.Run(ctx, func() {})                     // WANT: stops by ctx.Done()
	go lib.Run(context.Background(), func() {})    // WANT: stuck (the loop at lib.go in example.com/m/lib.Run ends by context.Background().Done(), whose context is never cancelled); far dead: the loop at lib.go in example.com/m/lib.Run ends by context.Background().Done(), whose context is never cancelled
	go lib.Waits(ch)                               // WANT: stops by ch
	go lib.Waits(make(chan struct{}))              // WANT: stuck (it waits for make(chan struct{}) at lib.go in example.com/m/lib.Waits, which nothing closes or sends on); far dead: it waits for make(chan struct{}) at lib.go in example.com/m/lib.Waits, which nothing closes or sends on
	go lib.Waits(nil)                              // WANT: stuck (it waits for nil at lib.go in example.com/m/lib.Waits, which is never made); far dead: it waits for nil at lib.go in example.com/m/lib.Waits, which is never made
	go lib.Puts(make(chan int))                    // WANT: stuck (it sends on ch at lib.go in example.com/m/lib.Puts, and nothing receives); far dead: it sends on ch at lib.go in example.com/m/lib.Puts, and nothing receives
	go lib.Polls(new(atomic.Bool))                 // WANT: stuck (the loop at lib.go in example.com/m/lib.Polls ends by new(atomic.Bool).Load(), which nothing sets); far dead: the loop at lib.go in example.com/m/lib.Polls ends by new(atomic.Bool).Load(), which nothing sets
	go lib.Own()                                   // WANT: stuck (the loop at lib.go in example.com/m/lib.Own ends by ctx.Err(), whose context is never cancelled); far dead: the loop at lib.go in example.com/m/lib.Own ends by ctx.Err(), whose context is never cancelled
	go func() { lib.Deaf(ctx) }()                  // WANT: stuck (the loop at lib.go in example.com/m/lib.Deaf has no exit); far: the loop at lib.go in example.com/m/lib.Deaf has no exit, in reach of ctx.Done(), given
	go func() { lib.Waits(make(chan struct{})) }() // WANT: stuck (it waits for make(chan struct{}) at lib.go in example.com/m/lib.Waits, which nothing closes or sends on); far dead: it waits for make(chan struct{}) at lib.go in example.com/m/lib.Waits, which nothing closes or sends on
}
