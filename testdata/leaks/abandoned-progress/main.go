// Command abandoned-progress reports the end of a copy to a caller that may have
// lost patience.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/leaks/judge"
)

type copier struct{ delay time.Duration }

func (c *copier) copy() error {
	time.Sleep(c.delay)
	return nil
}

func (c *copier) copyWithin(parent context.Context, d time.Duration) error {
	ctx, cancel := context.WithTimeout(parent, d)
	defer cancel()
	ended := make(chan error)
	go func() {
		ended <- c.copy()
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return errors.New("lost patience")
	}
}

func main() {
	c := &copier{delay: 5 * time.Millisecond}
	for range 2 {
		fmt.Println(c.copyWithin(context.Background(), time.Millisecond))
	}
	judge.Report()
}
