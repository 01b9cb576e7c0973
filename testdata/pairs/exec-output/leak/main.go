// Command leak waits for the output of a program, beside the stop channel.
package main

import (
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
	out, err := exec.Command("sleep", "4").Output()
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
