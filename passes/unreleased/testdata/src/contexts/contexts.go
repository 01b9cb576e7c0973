// Package contexts holds goroutines that wait for the end of a context which some
// way leaves out.
package contexts

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"
)

func use(int) {}

func SkippedBad(f func() error) error {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-ctx.Done() // want `goroutine can wait for ever: only ctx.Done\(\) would end this, and SkippedBad can return without the cancel`
		use(1)
	}()
	if err := f(); err != nil {
		return err
	}
	cancel()
	return nil
}

func StartLoop(f func() bool, ticks chan int) {
	ctx, cancel := context.WithCancel(context.Background())
	go watchBad(ctx)
	if f() {
		cancel()
	}
}

func watchBad(ctx context.Context) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for { // want `goroutine may never stop: only ctx.Done\(\) would end this, and StartLoop can return without the cancel`
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			use(1)
		}
	}
}

type Poller struct{ n int }

func (p *Poller) awaitOk(ctx context.Context) {
	<-ctx.Done()
	p.n++
}

// The cancel belongs to the success only.
func StartMethod(p *Poller, f func() (int, error)) (int, error) {
	ctx, cancel := context.WithCancelCause(context.Background())
	go func() {
		p.awaitBad(ctx)
	}()
	n, err := f()
	if err == nil {
		cancel(errors.New("done"))
		return n, nil
	}
	return 0, err
}

func (p *Poller) awaitBad(ctx context.Context) {
	<-ctx.Done() // want `only ctx.Done\(\) would end this, and StartMethod can return without the cancel`
	p.n++
}

// A context that is made from one that does not end.
func DerivedBad(f func() error) error {
	base := context.WithValue(context.Background(), Poller{}, 1)
	ctx, cancel := context.WithCancel(base)
	go func() {
		inner, stop := context.WithCancel(ctx)
		defer stop()
		<-inner.Done() // want `only inner.Done\(\) would end this, and DerivedBad can return without the cancel`
	}()
	if err := f(); err != nil {
		return err
	}
	cancel()
	return nil
}

// ---- what ends all the same

func DeferredOk(f func() error) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-ctx.Done()
		use(1)
	}()
	return f()
}

func ParentOk(parent context.Context, f func() error) error {
	ctx, cancel := context.WithCancel(parent)
	go func() {
		<-ctx.Done()
		use(1)
	}()
	if err := f(); err != nil {
		return err
	}
	cancel()
	return nil
}

func DeadlineOk(f func() error) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	go func() {
		<-ctx.Done()
		use(1)
	}()
	if err := f(); err != nil {
		return err
	}
	cancel()
	return nil
}

func BothOk(f func() error) error {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-ctx.Done()
		use(1)
	}()
	if err := f(); err != nil {
		cancel()
		return err
	}
	cancel()
	return nil
}

// It ends by something else as well.
func OtherOk(f func() error) error {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	defer close(done)
	go func() {
		select {
		case <-ctx.Done():
			use(1)
		case <-done:
		}
	}()
	if err := f(); err != nil {
		return err
	}
	cancel()
	return nil
}

// The other side answers, or not.
func AnswerOk(client *http.Client, req *http.Request) error {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		_, err := client.Do(req.WithContext(ctx))
		done <- err
	}()
	if err := <-done; err != nil {
		return err
	}
	cancel()
	return nil
}

// The caller gets it.
func HandedOk(f func() error) (func(), error) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-ctx.Done()
		use(1)
	}()
	if err := f(); err != nil {
		cancel()
		return nil, err
	}
	return cancel, nil
}

type Owner struct{ cancel func() }

func (o *Owner) StartOk(f func() error) error {
	ctx, cancel := context.WithCancel(context.Background())
	o.cancel = cancel
	go func() {
		<-ctx.Done()
		use(1)
	}()
	if err := f(); err != nil {
		return err
	}
	cancel()
	return nil
}

func (o *Owner) Stop() { o.cancel() }

// It asks for what is always so.
func AskedOk(f func()) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-ctx.Done()
		use(1)
	}()
	f()
	if cancel != nil {
		cancel()
	}
}

// The goroutine starts only where the cancel comes, too.
func FlagOk(watch bool, f func()) {
	ctx, cancel := context.WithCancel(context.Background())
	if watch {
		go func() {
			<-ctx.Done()
			use(1)
		}()
	}
	f()
	if watch {
		cancel()
	}
}

// A goroutine of its own cancels.
func cancelBesideOk(use func()) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-ctx.Done()
		use()
	}()
	go cancel()
}

// pause returns early if the context ends.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func PausesBad() {
	ctx, cancel := context.WithCancel(context.Background())
	_ = cancel
	go func() {
		for { // want `goroutine never stops: its loop ends by ctx.Done\(\), whose context ends by a cancel function that nobody calls`
			use(1)
			if err := pause(ctx, time.Second); err != nil {
				return
			}
		}
	}()
}

func pausingBad(ctx context.Context) {
	for { // want "goroutine never stops: its loop ends by .*, whose context is never cancelled"
		use(1)
		if pause(context.WithoutCancel(ctx), time.Second) != nil {
			return
		}
	}
}

func PausesOtherwise(ctx context.Context) { go pausingBad(ctx) }

func PausesSkippedBad(n int) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for { // want `goroutine may never stop: only ctx.Done\(\) would end this, and PausesSkippedBad can return without the cancel`
			use(1)
			if err := pause(ctx, time.Second); err != nil {
				return
			}
		}
	}()
	if n > 5 {
		return
	}
	cancel()
}

func PausesOk() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		for {
			use(1)
			if err := pause(ctx, time.Second); err != nil {
				return
			}
		}
	}()
	time.Sleep(time.Second)
}

func try(ctx context.Context, work func() error) error {
	if err := work(); err != nil {
		return err
	}
	return pause(ctx, time.Second)
}

// The work may fail.
func TriesOk(work func() error) {
	go func() {
		for {
			if err := try(context.Background(), work); err != nil {
				return
			}
		}
	}()
}

func pauseOrFail(ctx context.Context, d time.Duration, failed <-chan error) error {
	select {
	case <-time.After(d):
		return nil
	case err := <-failed:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func FailuresOk(failed <-chan error) {
	go func() {
		for pauseOrFail(context.Background(), time.Second, failed) == nil {
			use(1)
		}
	}()
}

// A call whose context never ends fails by what it works on, if at all.
func PingsOk(db *sql.DB) {
	go func() {
		for range time.Tick(time.Minute) {
			if err := db.PingContext(context.Background()); err != nil {
				return
			}
		}
	}()
}

// A loop that ends when the call fails, by the context or by what it reads.

func receive(ctx context.Context, next func() ([]byte, error), out chan []byte) error {
	b, err := next()
	if err != nil {
		if errors.Is(err, errNone) {
			return nil
		}
		return err
	}
	select {
	case out <- b:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

var errNone = errors.New("none")

func receivesOk(ctx context.Context, next func() ([]byte, error), out chan []byte) error {
	for {
		if err := receive(ctx, next, out); err != nil {
			return err
		}
	}
}

func Receives(next func() ([]byte, error), out chan []byte, fail func(error)) {
	go func() { fail(receivesOk(context.Background(), next, out)) }()
}
