package kept

import (
	"errors"
	"sync"
)

// The defer comes after the return.

type box struct {
	mu sync.Mutex
	m  map[string]int
}

func (b *box) PutBad(k string, v int) error {
	b.mu.Lock()
	if k == "" {
		return errors.New("no key") // want "it returns here with b.mu still held"
	}
	defer b.mu.Unlock()
	b.m[k] = v
	return nil
}

func (b *box) PutOk(k string, v int) error {
	b.mu.Lock()
	if k == "" {
		b.mu.Unlock()
		return errors.New("no key")
	}
	defer b.mu.Unlock()
	b.m[k] = v
	return nil
}

func (b *box) GetOk(k string, lock bool) int {
	if lock {
		b.mu.Lock()
		defer b.mu.Unlock()
	}
	if k == "" {
		return 0
	}
	return b.m[k]
}

type cleaned struct {
	mu sync.Mutex
	m  map[string]int
}

func (b *cleaned) GetOk(k string) int {
	b.mu.Lock()
	if k == "" {
		defer func() { b.mu.Unlock() }()
		return 0
	}
	defer b.mu.Unlock()
	return b.m[k]
}
