package batches

import (
	"context"
	"errors"
	"sync"
	"time"
)

type call2 struct {
	fn  func() error
	err chan error
}

type batch2 struct {
	mu    sync.Mutex
	calls []call2
	timer *time.Timer
	once  sync.Once
	db    *DB2
}

type DB2 struct {
	mu     sync.Mutex
	batch2 *batch2
}

var errAlone = errors.New("solo")

func (db *DB2) Batch(ctx context.Context, fn func() error) error {
	errCh := make(chan error, 1)
	db.mu.Lock()
	if db.batch2 == nil {
		db.batch2 = &batch2{db: db}
		db.batch2.timer = time.AfterFunc(time.Second, db.batch2.trigger)
	}
	db.batch2.calls = append(db.batch2.calls, call2{fn: fn, err: errCh})
	if len(db.batch2.calls) >= 10 {
		go db.batch2.trigger()
	}
	db.mu.Unlock()
	select {
	case err := <-errCh:
		if err == errAlone {
			return fn()
		}
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *batch2) trigger() { b.once.Do(b.runBad) }

func (b *batch2) runBad() {
	b.db.mu.Lock()
	if b.db.batch2 == b {
		b.db.batch2 = nil
	}
	b.db.mu.Unlock()
retry:
	for len(b.calls) > 0 {
		fail := -1
		var err error
		for i, c := range b.calls {
			if err = c.fn(); err != nil {
				fail = i
				break
			}
		}
		if fail >= 0 {
			c := b.calls[fail]
			c.err <- errAlone // want `still to come`
			continue retry
		}
		for _, c := range b.calls {
			c.err <- err
		}
		break retry
	}
}
