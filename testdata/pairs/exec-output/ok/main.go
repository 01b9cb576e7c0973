// Command ok kills the program when the stop channel is closed.
package main

import (
	"context"
	"os/exec"
	"time"

	"example.com/leaks/judge"
)

type tool struct {
	stop chan struct{}
	out  []byte
}

func (t *tool) run() {
	select {
	case <-t.stop:
		return
	default:
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-t.stop:
			cancel()
		case <-ctx.Done():
		}
	}()
	out, err := exec.CommandContext(ctx, "sleep", "4").Output()
	if err == nil {
		t.out = out
	}
}

func start() *tool {
	t := &tool{stop: make(chan struct{})}
	go t.run()
	return t
}

// Close gives up the tool.
func (t *tool) Close() { close(t.stop) }

func main() {
	for range 2 {
		t := start()
		time.Sleep(20 * time.Millisecond)
		t.Close()
	}
	judge.Report()
}
