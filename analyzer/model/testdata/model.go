package p

import "context"

func Forever() { // WANT: does not return; waits in 1 places
	for {
		work()
	}
}

func Starts(f func()) { go f() } // WANT: starts argument [0]; ends, if f returns

func Runs(f func()) { f() } // WANT: runs argument [0]; waits in 1 places

func Waits(ctx context.Context, in chan int) { // WANT: waits in 2 places
	<-ctx.Done()
	<-in
}

// What no other package can call is not told.
func waits(in chan int) { <-in }

func Ends(ctx context.Context) {
	go Forever()                 // WANT: stuck (the loop at -18 has no exit)
	go func() { <-ctx.Done() }() // WANT: stops by ctx.Done()
	go work()                    // WANT: ends
	go waits(nil)                // WANT: stuck (it waits for nil at -6, which is never made)
}

func work() {}
