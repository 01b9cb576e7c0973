package falsestop

import (
	"context"
	"time"
)

// Where the goroutine is there, the function returns: it stops no timer any more.
func awaitOk(ctx context.Context, got chan int, late func()) int {
	stalled := time.NewTimer(time.Minute)
	select {
	case <-ctx.Done():
		go func() {
			<-stalled.C
			late()
		}()
		return 0
	case n := <-got:
		stalled.Stop()
		return n
	}
}

func awaitBad(ctx context.Context, got chan int, late func()) int {
	stalled := time.NewTimer(time.Minute)
	go func() {
		<-stalled.C
		late()
	}()
	select {
	case <-ctx.Done():
		return 0
	case n := <-got:
		stalled.Stop() // want "stop has no effect: after stalled.Stop nothing comes from stalled.C"
		return n
	}
}

// The next call stops the timer of this one.
type debouncer struct{ t *time.Timer }

func (d *debouncer) callBad(f func()) {
	if d.t != nil {
		d.t.Stop() // want "stop has no effect: after d.t.Stop nothing comes from t.C"
	}
	t := time.NewTimer(time.Second)
	d.t = t
	go func() {
		<-t.C
		f()
	}()
}

func Debounce(f func()) {
	d := &debouncer{}
	d.callBad(f)
	d.callBad(f)
}
