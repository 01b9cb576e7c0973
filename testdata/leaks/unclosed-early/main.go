// Command unclosed-early closes its poller, but not if the input is empty.
package main

import (
	"errors"
	"fmt"
	"time"

	"example.com/leaks/judge"
)

type poller struct {
	stop chan struct{}
	n    int
}

func startPoller() *poller {
	p := &poller{stop: make(chan struct{})}
	go func() {
		for {
			select {
			case <-p.stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	return p
}

func (p *poller) Stop() { close(p.stop) }

func process(input string) error {
	p := startPoller()
	if input == "" {
		return errors.New("no input")
	}
	fmt.Println(input)
	p.Stop()
	return nil
}

func main() {
	for _, input := range []string{"", "a", ""} {
		fmt.Println(process(input))
	}
	judge.Report()
}
