package texts

import "context"

func Starts(ctx context.Context, in <-chan int) {
	out := make(chan int)
	go func() { // WANT: +0: a goroutine starts here and runs Starts$1 | it may end or not: it sends on out at +6, and nothing shows that the receive at +10 takes it; it heeds ctx.Done() | at +2 it waits in a select |  ended by ctx.Done(): perhaps, by code that is not seen |  ended by a close of in: perhaps, by code that is not seen |  ended by a send on in: perhaps, by code that is not seen | at +1 it goes round a loop that does not count |  ended by ctx.Done(): perhaps, by code that is not seen | at +6 it sends on out |  ended by a receive from out: not shown: nothing shows that somebody does, in Starts at +10
		for { // WANT: +0: goes round a loop that does not count | ended by ctx.Done(): perhaps, by code that is not seen | the goroutine started at -1 runs it; that may end or not: it sends on out at +5, and nothing shows that the receive at +9 takes it; it heeds ctx.Done() | no check reports it: it heeds ctx.Done()
			select { // WANT: +0: waits in a select | ended by ctx.Done(): perhaps, by code that is not seen; it leads out of the loop | ended by a close of in: perhaps, by code that is not seen; the loop goes on after it | ended by a send on in: perhaps, by code that is not seen; the loop goes on after it | the goroutine started at -2 runs it; that may end or not: it sends on out at +4, and nothing shows that the receive at +8 takes it; it heeds ctx.Done() | no check reports it: it heeds ctx.Done()
			case <-ctx.Done():
				return
			case v := <-in:
				out <- v // WANT: +0: sends on out | ended by a receive from out: not shown: nothing shows that somebody does, in Starts at +4; the loop goes on after it | the goroutine started at -6 runs it; that may end or not: it sends on out at +0, and nothing shows that the receive at +4 takes it; it heeds ctx.Done() | no check reports it: what is not proved is not reported
			}
		}
	}()
	<-out // WANT: +0: receives from out | ended by a send on out: on some paths only, not before the return at -6, in Starts$1 at -4 | no goroutine that is started in this package is seen to run it | no check reports it: what is not proved is not reported
}
