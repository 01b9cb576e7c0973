// Package failing has tests that leave something behind when they have failed.
package failing

import (
	"errors"
	"testing"
	"time"
)

func wait(c chan int, most time.Duration) (int, error) {
	select {
	case n := <-c:
		return n, nil
	case <-time.After(most):
		return 0, errors.New("too late")
	}
}

func TestHelperOk(t *testing.T) {
	c := make(chan int)
	go func() { c <- len(t.Name()) }()
	n, err := wait(c, time.Second)
	if err != nil || n == 0 {
		t.Errorf("%d, %v", n, err)
	}
}

func TestNotedOk(t *testing.T) {
	c := make(chan int)
	go func() { c <- len(t.Name()) }()
	select {
	case <-c:
	case <-time.After(time.Second):
		t.Error("too late")
	}
}

func TestUnaskedBad(t *testing.T) {
	c := make(chan int)
	go func() {
		c <- len(t.Name()) // want "the function that started it can return without receiving from c"
	}()
	select {
	case <-c:
		t.Error("too early")
	case <-time.After(time.Second):
	}
}

// What a test does on one way only it does not do where it passes.

func TestSkippedOk(t *testing.T) {
	c := make(chan int)
	go func() { c <- len(t.Name()) }()
	if testing.Short() {
		return
	}
	if n, err := wait(c, time.Second); err != nil || n == 0 {
		t.Errorf("%d, %v", n, err)
	}
}

func TestTwiceBad(t *testing.T) {
	c := make(chan int)
	for range 2 {
		go func() {
			c <- len(t.Name()) // want "there are 2 sends on c, but on one path only 1 of them is taken"
		}()
	}
	if n, err := wait(c, time.Second); err != nil || n == 0 {
		t.Errorf("%d, %v", n, err)
	}
}

func TestChosenOk(t *testing.T) {
	found := make(chan string)
	go func() {
		for _, name := range names() {
			if name == "this" {
				found <- name
			}
		}
		close(found)
	}()
	if <-found != "this" {
		t.Fatal("not found")
	}
}

func names() []string { return []string{"this", "that"} }
