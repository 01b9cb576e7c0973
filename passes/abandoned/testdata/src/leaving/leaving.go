// Package leaving holds receivers that leave.
package leaving

import (
	"context"
	"errors"
	"iter"
	"sync"
)

// Out of a range, because of a value: the sender goes on to its own end.

func FirstBad(limit int, use func(int)) {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range 100 {
			c <- i // want `there are 100 sends on c`
		}
	}()
	for n := range c {
		if n > limit {
			break
		}
		use(n)
	}
}

func FindBad(items []string, want string) bool {
	c := make(chan string)
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(c)
		for _, s := range items {
			c <- s // want `can return with sends on c still to come`
		}
	})
	for s := range c {
		if s == want {
			return true
		}
	}
	return false
}

func Endless(limit int) (sum int) {
	c := make(chan int)
	go countBad(c)
	for {
		n := <-c
		if n > limit {
			return sum
		}
		sum += n
	}
}

func countBad(c chan<- int) {
	for i := 0; ; i++ {
		c <- i // want `can return with sends on c still to come`
	}
}

// The first answer is enough, and the others are left.

func AnyBad(hosts []string, up func(string) bool) bool {
	c := make(chan bool)
	for _, h := range hosts {
		go func() {
			c <- up(h) // want `can return with sends on c still to come`
		}()
	}
	for range hosts {
		if <-c {
			return true
		}
	}
	return false
}

func AllBad(items []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		c := make(chan string)
		go func() {
			defer close(c)
			for _, s := range items {
				c <- s // want `can return with sends on c still to come`
			}
		}()
		for s := range c {
			if !yield(s) {
				return
			}
		}
	}
}

// The last value is agreed on.

func LastOk(use func(int)) {
	c := make(chan int)
	go func() {
		for i := range 100 {
			c <- i
		}
		c <- -1
	}()
	for n := range c {
		if n == -1 {
			break
		}
		use(n)
	}
}

func OnlyAgreedOk(items []item, use func(item)) {
	c := make(chan item)
	go func() {
		for _, i := range items {
			c <- i
		}
	}()
	for i := range c {
		if i.last {
			break
		}
		use(i)
	}
}

type item struct{ last bool }

// As many as are sent.
func CountedOk(items []int, use func(int)) {
	c := make(chan int)
	go func() {
		defer close(c)
		for _, n := range items {
			c <- n
		}
	}()
	left := len(items)
	for n := range c {
		use(n)
		if left--; left == 0 {
			break
		}
	}
}

// What is left is drained.
func DrainedOk(limit int, use func(int)) {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range 100 {
			c <- i
		}
	}()
	for n := range c {
		if n > limit {
			break
		}
		use(n)
	}
	for range c {
	}
}

func RoomOk(hosts []string, up func(string) bool) bool {
	c := make(chan bool, len(hosts))
	for _, h := range hosts {
		go func() { c <- up(h) }()
	}
	for range hosts {
		if <-c {
			return true
		}
	}
	return false
}

// The receives stand in a callee.

func CalleeBad(ctx context.Context, get func() int) int {
	c := make(chan int)
	go func() {
		c <- get() // want `can return without receiving from c`
	}()
	return await(ctx, c)
}

func await(ctx context.Context, c <-chan int) int {
	select {
	case n := <-c:
		return n
	case <-ctx.Done():
		return 0
	}
}

func LoopCalleeBad(in []int, use func(int) error) error {
	c := make(chan int)
	go func() {
		defer close(c)
		for _, n := range in {
			c <- n // want `can return with`
		}
	}()
	return consume(c, use)
}

func consume(c <-chan int, use func(int) error) error {
	for n := range c {
		if err := use(n); err != nil {
			return err
		}
	}
	return nil
}

func AllConsumedOk(in []int, use func(int)) {
	c := make(chan int)
	go func() {
		defer close(c)
		for _, n := range in {
			c <- n
		}
	}()
	consumeAll(c, use)
}

func consumeAll(c <-chan int, use func(int)) {
	for n := range c {
		use(n)
	}
}

// Where the callee gives up, the caller drains.

func HandledOk(ctx context.Context, get func() int) (int, error) {
	c := make(chan int)
	go func() { c <- get() }()
	n, err := tryAwait(ctx, c)
	if err != nil {
		<-c
		return 0, err
	}
	return n, nil
}

func tryAwait(ctx context.Context, c <-chan int) (int, error) {
	select {
	case n := <-c:
		return n, nil
	case <-ctx.Done():
		return 0, errors.New("late")
	}
}

func SaidOk(ctx context.Context, get func() int) int {
	c := make(chan int)
	go func() { c <- get() }()
	if !got(ctx, c) {
		return <-c
	}
	return 0
}

func got(ctx context.Context, c <-chan int) bool {
	select {
	case <-c:
		return true
	case <-ctx.Done():
		return false
	}
}

func ForgottenBad(ctx context.Context, get func() int) int {
	c := make(chan int)
	go func() {
		c <- get() // want `can return without receiving from c`
	}()
	if !got(ctx, c) {
		return 0
	}
	return 1
}

// One goroutine for each round, and a round that is left without its answer.

type renewer struct{ end chan struct{} }

func NewRenewer() *renewer { return &renewer{make(chan struct{})} }

func (r *renewer) Close() { close(r.end) }

func (r *renewer) RenewBad(try func() error) bool {
	answer := make(chan error)
	for {
		go func() {
			answer <- try() // want `can return without receiving from answer`
		}()
		select {
		case err := <-answer:
			if err == nil {
				return true
			}
		case <-r.end:
			return false
		}
	}
}

func (r *renewer) RenewOk(try func() error) bool {
	answer := make(chan error)
	for {
		go func() { answer <- try() }()
		select {
		case err := <-answer:
			if err == nil {
				return true
			}
		case <-r.end:
			<-answer
			return false
		}
	}
}

func (r *renewer) OneRoomOk(try func() error) bool {
	answer := make(chan error, 1)
	for {
		go func() { answer <- try() }()
		select {
		case err := <-answer:
			if err == nil {
				return true
			}
		case <-r.end:
			return false
		}
	}
}

// The wait for the sender comes before the receive.

func JoinedFirstBad(items []int) (out []int) {
	var wg sync.WaitGroup
	results := make(chan int)
	for _, n := range items {
		wg.Add(1)
		go func() {
			defer wg.Done()
			results <- n // want `waits for itself: what would receive from results`
		}()
	}
	wg.Wait()
	close(results)
	for n := range results {
		out = append(out, n)
	}
	return out
}

func GroupGoBad(items []int) (out []int) {
	var wg sync.WaitGroup
	results := make(chan int)
	for _, n := range items {
		wg.Go(func() {
			results <- n // want `waits for itself`
		})
	}
	wg.Wait()
	close(results)
	for n := range results {
		out = append(out, n)
	}
	return out
}

func DoneFirstBad(get func() int) int {
	done, c := make(chan struct{}), make(chan int)
	go func() {
		defer close(done)
		c <- get() // want `waits for itself`
	}()
	<-done
	return <-c
}

func SameBad() int {
	c := make(chan int)
	c <- 1 // want `whoever gets here waits for itself`
	return <-c
}

func JoinedLateOk(items []int) (out []int) {
	var wg sync.WaitGroup
	results := make(chan int)
	for _, n := range items {
		wg.Go(func() { results <- n })
	}
	go func() {
		wg.Wait()
		close(results)
	}()
	for n := range results {
		out = append(out, n)
	}
	return out
}

func OtherGroupOk(items []int) (out []int) {
	var before, wg sync.WaitGroup
	results := make(chan int)
	for range items {
		before.Go(func() {})
	}
	before.Wait()
	for _, n := range items {
		wg.Go(func() { results <- n })
	}
	for range items {
		out = append(out, <-results)
	}
	wg.Wait()
	return out
}

func SomeSendOk(items []int) (out []int) {
	var wg sync.WaitGroup
	results := make(chan int)
	wg.Go(func() {
		if len(items) > 0 {
			return
		}
		results <- 1
	})
	if len(items) > 0 {
		wg.Wait()
	} else {
		out = append(out, <-results)
	}
	return out
}
