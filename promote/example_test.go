package promote_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/killcheck/killcheck/promote"
)

// Workers are package-level variables. The examples run under go test because
// TestMain of this package calls promote.Init first.
var (
	count = promote.Register("example/count", func(_ context.Context, text string) (int, error) {
		return len(strings.Fields(text)), nil
	})

	// collatz stands for code that knows of no ctx.
	collatz = promote.Register("example/collatz", func(context.Context, uint64) (int, error) {
		for steps := 0; ; steps++ {
		}
	}, promote.Grace(100*time.Millisecond))

	errEmpty = errors.New("empty")
	check    = promote.Register("example/check", func(_ context.Context, s string) (struct{}, error) {
		if s == "" {
			return struct{}{}, errEmpty
		}
		return struct{}{}, nil
	}, promote.SentinelErrors(errEmpty))

	faulty = promote.Register("example/faulty", func(_ context.Context, list []int) (int, error) {
		return list[10], nil
	})

	upper = promote.RegisterStream("example/upper", func(ctx context.Context, in <-chan string, out chan<- string) error {
		for s := range in {
			select {
			case out <- strings.ToUpper(s):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
)

// In a program Init comes first in main.
func Example() {
	main := func() {
		if err := promote.Init(); err != nil {
			log.Fatal(err)
		}
		n, err := count.Run(context.Background(), "one two three")
		fmt.Println(n, err)
	}
	main()
	// Output: 3 <nil>
}

// Under go test Init comes first in TestMain.
func ExampleInit() {
	// func TestMain(m *testing.M) {
	// 	if err := promote.Init(); err != nil {
	// 		log.Fatal(err)
	// 	}
	// 	os.Exit(m.Run())
	// }
	fmt.Println(promote.Init())
	// Output: <nil>
}

// A computation that heeds no ctx ends when its ctx does.
func ExampleWorker_Run() {
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	_, err := collatz.Run(ctx, 27)
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output: true
}

func ExampleProcess_Terminate() {
	p, err := collatz.Start(context.Background(), 27)
	if err != nil {
		log.Fatal(err)
	}
	p.Terminate()
	_, err = p.Wait()
	fmt.Println(errors.Is(err, promote.ErrTerminated))
	// Output: true
}

func ExampleProcess_Kill() {
	p, err := collatz.Start(context.Background(), 27)
	if err != nil {
		log.Fatal(err)
	}
	p.Kill()
	_, err = p.Wait()
	var killed *promote.KilledError
	if errors.As(err, &killed) {
		fmt.Println(killed.Signal)
	}
	fmt.Println(p.State())
	// Output:
	// killed
	// signal: killed
}

func ExampleSentinelErrors() {
	_, err := check.Run(context.Background(), "")
	fmt.Println(err)
	fmt.Println(errors.Is(err, errEmpty))
	// Output:
	// promote: "example/check": empty
	// true
}

func ExamplePanicError() {
	_, err := faulty.Run(context.Background(), []int{1, 2, 3})
	var p *promote.PanicError
	if errors.As(err, &p) {
		fmt.Println(p.Value)
		fmt.Println(strings.Contains(p.Stack, "example_test.go"))
	}
	// Output:
	// runtime error: index out of range [10] with length 3
	// true
}

// The sender selects on Done, because nobody reads its items once the child
// has ended.
func ExampleStreamWorker() {
	in := make(chan string)
	s, err := upper.Start(context.Background(), in)
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		defer close(in)
		lines := bufio.NewScanner(strings.NewReader("first\nsecond\n"))
		for lines.Scan() {
			select {
			case in <- lines.Text():
			case <-s.Done():
				return
			}
		}
	}()
	for line := range s.Out() {
		fmt.Println(line)
	}
	if err := s.Wait(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	// Output:
	// FIRST
	// SECOND
}

func ExamplePool() {
	pool, err := promote.NewPool(context.Background(), count, 2)
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
	for _, text := range []string{"a", "a b", "a b c"} {
		n, err := pool.Run(context.Background(), text)
		fmt.Println(n, err)
	}
	// Output:
	// 1 <nil>
	// 2 <nil>
	// 3 <nil>
}
