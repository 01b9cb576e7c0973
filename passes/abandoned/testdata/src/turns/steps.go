package turns

import (
	"bufio"
	"context"
	"io"
	"sync"
)

// stepsOk reads a line only when the one before has been told to be done with: an error
// of the reader comes before it gives a line, not after.
func stepsOk(r io.Reader, handle func(string) bool) {
	lines, done := make(chan string), make(chan int)
	b := bufio.NewReader(r)
	go func() {
		for {
			line, err := b.ReadString('\n')
			if err != nil {
				close(lines)
				return
			}
			lines <- line
			<-done
		}
	}()
	go func() {
		for line := range lines {
			handle(line)
			done <- 1
		}
	}()
}

// stepsBad looks for an error between the two.
func stepsBad(r io.Reader, check func() error, handle func(string) bool) {
	lines, done := make(chan string), make(chan int)
	b := bufio.NewReader(r)
	go func() {
		for {
			line, err := b.ReadString('\n')
			if err != nil {
				close(lines)
				return
			}
			lines <- line
			if err := check(); err != nil {
				close(lines)
				return
			}
			<-done
		}
	}()
	go func() {
		for line := range lines {
			handle(line)
			done <- 1 // want "the receiver of done can leave first, because of an error"
		}
	}()
}

// collectBad gives the lock back in each branch, before it sends.
func collectBad(ctx context.Context, in chan int, most int) {
	var mu sync.Mutex
	var all []int
	full := make(chan struct{})
	go func() {
		for {
			select {
			case <-full:
				mu.Lock()
				all = nil
				mu.Unlock()
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case n := <-in:
				mu.Lock()
				all = append(all, n)
				if len(all) == most {
					mu.Unlock()
					full <- struct{}{} // want "the receiver of full can leave first"
				} else {
					mu.Unlock()
				}
			}
		}
	}()
}

func Collect(ctx context.Context, in chan int) { collectBad(ctx, in, 9) }
