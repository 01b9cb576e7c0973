// Package others runs requests and commands that are given another context than the
// one that asks for a stop.
package others

import (
	"context"
	"net"
	"net/http"
	"os/exec"
	"time"
)

// Requests and commands that are given another context.

func otherRequestBad(ctx context.Context, url string) {
	go func() {
		if ctx.Err() != nil {
			return
		}
		req, err := http.NewRequestWithContext(context.Background(), "GET", url, nil)
		if err != nil {
			return
		}
		resp, err := http.DefaultClient.Do(req) // want "goroutine cannot stop in http.DefaultClient.Do: ctx does not end it, http.NewRequestWithContext is given a context that never ends"
		if err == nil {
			resp.Body.Close()
		}
	}()
}

func otherCommand(ctx context.Context) {
	go otherCommandRunBad(ctx)
}

func otherCommandRunBad(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	c := context.WithoutCancel(ctx)
	exec.CommandContext(c, "sleep", "100").Run() // want "cannot stop in exec.CommandContext.*.Run: ctx does not end it, exec.CommandContext is given a context that never ends"
}

func sameRequestOk(ctx context.Context, url string) {
	go func() {
		c, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		req, err := http.NewRequestWithContext(c, "GET", url, nil)
		if err != nil {
			return
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			resp.Body.Close()
		}
	}()
}

func timedRequestOk(ctx context.Context, url string) {
	go func() {
		if ctx.Err() != nil {
			return
		}
		c, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(c, "GET", url, nil)
		if err != nil {
			return
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			resp.Body.Close()
		}
	}()
}

// After the stop, to say good-bye.
func lastRequestOk(ctx context.Context, url string) {
	go func() {
		<-ctx.Done()
		req, err := http.NewRequestWithContext(context.WithoutCancel(ctx), "GET", url, nil)
		if err != nil {
			return
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			resp.Body.Close()
		}
	}()
}

func killedCommandOk(ctx context.Context) {
	cmd := exec.CommandContext(context.Background(), "sleep", "100")
	go func() {
		<-ctx.Done()
		cmd.Process.Kill()
	}()
	go func() {
		if ctx.Err() == nil {
			cmd.Run()
		}
	}()
}

// ---- a channel that a method closes which the starter calls

type waiter struct{ over chan struct{} }

func (w *waiter) finish() { close(w.over) }

func (w *waiter) roundsBad() {
	for {
		select {
		case <-w.over:
			return
		default:
		}
		time.Sleep(time.Hour) // want "goroutine cannot stop while it sleeps: w.over does not end time.Sleep"
	}
}

func roundsOf() {
	w := &waiter{over: make(chan struct{})}
	go w.roundsBad()
	time.Sleep(time.Second)
	w.finish()
}

// A name that is written there has to be looked up.
func NamedBad(ctx context.Context) {
	go func() {
		for ctx.Err() == nil {
			net.ResolveTCPAddr("tcp", "example.com:80") // want `ctx does not end it`
		}
	}()
}

func NumberOk(ctx context.Context, peers chan string) {
	go func() {
		for p := range peers {
			if ctx.Err() != nil {
				return
			}
			net.ResolveTCPAddr("tcp", p)
		}
	}()
}
