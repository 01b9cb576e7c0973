// Command abandoned-group counts what its goroutines send, until one fails.
package main

import (
	"errors"
	"fmt"
	"sync"

	"example.com/leaks/judge"
)

func load(part int) error {
	if part%2 == 0 {
		return errors.New("part is missing")
	}
	return nil
}

func loadAll(parts []int) error {
	var wg sync.WaitGroup
	errs := make(chan error)
	for _, part := range parts {
		wg.Go(func() {
			if err := load(part); err != nil {
				errs <- err
			}
		})
	}
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	select {
	case err := <-errs:
		return err
	case <-done:
		return nil
	}
}

func main() {
	for range 2 {
		fmt.Println(loadAll([]int{2, 4, 6}))
	}
	judge.Report()
}
