// Package batches holds requests that wait in a list, each with a channel for its answer.
package batches

import (
	"context"
	"errors"
	"sync"
	"time"
)

type call struct {
	fn  func() error
	err chan error
}

type batch struct {
	mu    sync.Mutex
	calls []call
	timer *time.Timer
	once  sync.Once
	db    *DB
}

type DB struct {
	mu    sync.Mutex
	batch *batch
}

var errSolo = errors.New("solo")

func (db *DB) Batch(ctx context.Context, fn func() error) error {
	errCh := make(chan error, 1)
	db.mu.Lock()
	if db.batch == nil {
		db.batch = &batch{db: db}
		db.batch.timer = time.AfterFunc(time.Second, db.batch.trigger)
	}
	db.batch.calls = append(db.batch.calls, call{fn: fn, err: errCh})
	if len(db.batch.calls) >= 10 {
		go db.batch.trigger()
	}
	db.mu.Unlock()
	select {
	case err := <-errCh:
		if err == errSolo {
			return fn()
		}
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *batch) trigger() { b.once.Do(b.runOk) }

func (b *batch) runOk() {
	b.db.mu.Lock()
	if b.db.batch == b {
		b.db.batch = nil
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
			b.calls[fail], b.calls = b.calls[len(b.calls)-1], b.calls[:len(b.calls)-1]
			c.err <- errSolo
			continue retry
		}
		for _, c := range b.calls {
			c.err <- err
		}
		break retry
	}
}
