package promoted

import (
	"context"
	"math/big"
)

// What is computed comes from outside, and goes back as text.
func Factorials(ctx context.Context, in <-chan int64, out chan<- string) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case n := <-in:
				text := factorialBad(n)
				select {
				case out <- text:
				case <-ctx.Done():
					return
				}
			}
		}
	}()
}

// factorialBad multiplies all numbers up to n.
func factorialBad(n int64) string {
	return new(big.Int).MulRange(1, n).String() // want `goroutine cannot stop in new\(big.Int\).MulRange: nothing ends it, ctx does not either; only a child process can be ended`
}

// The result cannot cross as it is: there is a report and no fix.
func BigBad(ctx context.Context, in <-chan int64, out chan<- *big.Int) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case n := <-in:
				select {
				case out <- new(big.Int).MulRange(1, n): // want `nothing ends it, ctx does not either`
				case <-ctx.Done():
					return
				}
			}
		}
	}()
}

// The numbers are known: it takes no time.
func Small(ctx context.Context, out chan<- string) {
	go func() {
		for {
			select {
			case out <- smallOk():
			case <-ctx.Done():
				return
			}
		}
	}()
}

func smallOk() string { return new(big.Int).MulRange(1, 20).String() }

// Nobody asks it to stop.
func Plain(n int64) string { return plainOk(n) }

func plainOk(n int64) string { return new(big.Int).MulRange(1, n).String() }
