package ignoredstop

import (
	"context"
	"time"
)

// Somebody may have set the channel, as tests do.
type hooked struct{ seen chan int }

func (h *hooked) HookOk(quit chan struct{}, work func() int) {
	go func() {
		for {
			select {
			case <-quit:
				return
			case <-time.After(time.Second):
			}
			v := work()
			if h.seen != nil {
				h.seen <- v
			}
		}
	}()
}

func hook() *hooked { return &hooked{make(chan int)} }

// There may be room for all that ever comes.
func KeysOk(ctx context.Context, keys []string, next <-chan string) <-chan string {
	out := make(chan string, len(keys))
	go func() {
		defer close(out)
		for {
			select {
			case <-ctx.Done():
				return
			case k, ok := <-next:
				if !ok {
					return
				}
				out <- k
			}
		}
	}()
	return out
}

func NoRoomBad(ctx context.Context, next <-chan string) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for {
			select {
			case <-ctx.Done():
				return
			case k, ok := <-next:
				if !ok {
					return
				}
				out <- k // want `does not stop while it sends on out: the loop around it heeds ctx`
			}
		}
	}()
	return out
}
