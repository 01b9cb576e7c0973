// Command daemon goes round for as long as it runs.
package main

import (
	"context"
	"flag"
	"sync"
	"time"
)

type server struct{ work func() }

func ticks(every time.Duration) <-chan time.Time {
	c := make(chan time.Time)
	go func() {
		for {
			c <- time.Now()
			time.Sleep(every)
		}
	}()
	return c
}

func (s *server) RunBad() {
	go func() {
		for range ticks(time.Minute) { // want "nothing closes ticks.time.Minute., so the range over it has no end"
			s.work()
		}
	}()
	for range ticks(time.Hour) {
		s.work()
	}
}

func main() {
	flag.Func("serve", "serves", func(string) error {
		(&server{func() {}}).RunBad()
		return nil
	})
	flag.Func("park", "waits", func(string) error {
		(&server{func() {}}).parkBad()
		return nil
	})
	flag.Func("watch", "watches", func(string) error {
		(&server{func() {}}).watchAll()
		return nil
	})
	flag.Parse()
}

// The context has no end, since the command has none.
func (s *server) watchAll() {
	go s.watchBad(context.Background(), time.Minute)
}

func (s *server) watchBad(ctx context.Context, every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select { // want "the context of ctx.Done.. does not end"
		case <-ctx.Done():
			return
		case <-t.C:
			s.work()
		}
	}
}

// Nothing that it waits for is started: it serves until the process is killed.
func (s *server) parkBad() {
	var forever sync.WaitGroup
	forever.Add(1)
	s.work()
	forever.Wait() // want "nothing calls Done on forever"
}
