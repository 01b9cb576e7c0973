// Package ops has a wait of each operation.
package ops

import (
	"context"
	"sync"
	"time"
)

func work() bool { return time.Now().Unix() > 3 }

func Operations(ctx context.Context, in, out chan int, quit chan struct{}, wg *sync.WaitGroup, f func()) {
	go func() { // WANT: stays in nothing at +1
		select {} // WANT: nothing: no wake
	}()
	go func() { // WANT: stays in select at +1
		select { // WANT: select: close in by who calls, send in by who calls, receive out by who calls
		case <-in:
		case out <- 1:
		}
	}()
	go func() { // WANT: stays in receive at +1
		<-in // WANT: receive: close in by who calls, send in by who calls
	}()
	go func() { // WANT: stays in send at +1
		out <- 1 // WANT: send: receive out by who calls
	}()
	go func() { // WANT: stays in loop at +1
		for { // WANT: loop: data never
			work()
		}
	}()
	go func() { // WANT: stays in join at +1
		wg.Wait() // WANT: join: join
	}()
	go func() { // WANT: stays in unread at +1
		f() // WANT: unread: return f by who calls
	}()
	go func() { // WANT: stays in receive at +1
		<-ctx.Done() // WANT: receive: cancel ctx.Done() by who calls
	}()
	go func() { // WANT: stays in receive at +1
		<-quit // WANT: receive: close quit by who calls, send quit by who calls
	}()
	go func() {
		select {
		case <-in:
		default: // does not wait
		}
	}()
}

// What a parameter is, the call says.
func waits(ch chan struct{}) {
	<-ch // WANT: receive: close ch by who calls, send ch by who calls
}

func Parameter() {
	ch := make(chan struct{})
	defer close(ch)
	go waits(ch) // WANT: stays in receive at -6
	work()
}
