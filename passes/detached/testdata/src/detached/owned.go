package detached

import "context"

// A feed starts its own method for as long as it lives.
type feed struct {
	ctx    context.Context
	cancel context.CancelFunc
	msgs   chan int
	out    chan int
}

// A pipe starts its own method, which ends when the messages do.
type pipe struct {
	msgs  chan int
	moved func(context.Context)
}

func newFeed() *feed {
	ctx, cancel := context.WithCancel(context.Background())
	return &feed{ctx: ctx, cancel: cancel, msgs: make(chan int), out: make(chan int)}
}

func (f *feed) close() { f.cancel() }

func (f *pipe) attach(ctx context.Context, msgs chan int) {
	if ctx.Err() != nil {
		return
	}
	f.msgs = msgs
	go f.listen()
}

func (f *pipe) listen() {
	ctx := context.Background()
	for range f.msgs {
		f.moved(ctx)
	}
}

// beat gives a context that does not end to what heeds the object's own.
func beat(ctx context.Context, f *feed) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case n := <-f.msgs:
				f.put(context.Background(), n)
			}
		}
	}()
}

func (f *feed) put(ctx context.Context, n int) {
	select {
	case f.out <- n:
	case <-ctx.Done():
	case <-f.ctx.Done():
	}
}

func useFeed(ctx context.Context, msgs chan int) {
	f := newFeed()
	defer f.close()
	new(pipe).attach(ctx, msgs)
	beat(ctx, f)
	beatBad(ctx, f)
}

func beatBad(ctx context.Context, f *feed) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case n := <-f.msgs:
				f.give(context.Background(), n) // want `f.give gets a context that nobody cancels, although ctx is in reach`
			}
		}
	}()
}

func (f *feed) give(ctx context.Context, n int) {
	select {
	case f.out <- n:
	case <-ctx.Done():
	}
}

// The contexts of these only carry something, or their connection is closed.

type tagKey struct{}

func tagged(ctx context.Context, tag string) context.Context {
	return context.WithValue(ctx, tagKey{}, tag)
}

type tagger struct{ tags []context.Context }

func (t *tagger) serveOk(ctx context.Context, calls chan string) {
	go func() {
		for {
			select {
			case c := <-calls:
				t.tags = append(t.tags, tagged(context.Background(), c))
			case <-ctx.Done():
				return
			}
		}
	}()
}

type link interface {
	Accept(context.Context) error
	CloseWithError(code int) error
}

type realLink struct{ next link }

func (l *realLink) Accept(ctx context.Context) error { return l.next.Accept(ctx) }

func (l *realLink) CloseWithError(code int) error { return l.next.CloseWithError(code) }

func acceptAllOk(ctx context.Context, next link) error {
	var l link = &realLink{next}
	failed := make(chan error, 1)
	go func() {
		for {
			if err := l.Accept(context.Background()); err != nil {
				failed <- err
				return
			}
		}
	}()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		l.CloseWithError(0)
		return <-failed
	}
}
