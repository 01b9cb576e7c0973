// Command abandoned-attempts tries again when an attempt takes too long.
package main

import (
	"fmt"
	"time"

	"example.com/leaks/judge"
)

func call(n int) string {
	time.Sleep(time.Duration(10-5*n) * time.Millisecond)
	return fmt.Sprint("attempt ", n)
}

func attempt(n int) (string, bool) {
	reply := make(chan string)
	go func() { reply <- call(n) }()
	timer := time.NewTimer(3 * time.Millisecond)
	defer timer.Stop()
	select {
	case r := <-reply:
		return r, true
	case <-timer.C:
		return "", false
	}
}

func main() {
	for range 2 {
		for n := range 3 {
			if r, ok := attempt(n); ok {
				fmt.Println(r)
				break
			}
		}
	}
	judge.Report()
}
