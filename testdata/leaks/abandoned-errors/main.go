// Command abandoned-errors checks all hosts at once and returns the first error.
package main

import (
	"errors"
	"fmt"
	"strings"

	"example.com/leaks/judge"
)

func check(host string) error {
	if strings.HasPrefix(host, "bad") {
		return errors.New("no answer from " + host)
	}
	return nil
}

func checkAll(hosts []string) error {
	errs := make(chan error)
	for _, host := range hosts {
		go func() { errs <- check(host) }()
	}
	for range hosts {
		if err := <-errs; err != nil {
			return err
		}
	}
	return nil
}

func main() {
	for range 2 {
		fmt.Println(checkAll([]string{"bad1", "bad2", "bad3"}))
	}
	judge.Report()
}
