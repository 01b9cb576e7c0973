// Package unclosed holds fixtures.
package unclosed

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A session renews something until it is closed.
type session struct {
	cancel context.CancelFunc
	done   chan struct{}
}

func newSession() (*session, error) {
	if time.Now().IsZero() {
		return nil, errors.New("no time")
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &session{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		t := time.NewTicker(time.Second)
		defer t.Stop()
		for {
			select {
			case <-t.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return s, nil
}

func (s *session) Close() error {
	s.cancel()
	<-s.done
	return nil
}

func (s *session) name() string { return "x" }

// Reduced from etcd 26fdf4600144: two error returns after the session was made.
func registerBad(put func(string) error) (*session, error) {
	s, err := newSession() // want "the value of newSession is dropped on a path that returns without calling its Close"
	if err != nil {
		return nil, err
	}
	if err := put(s.name()); err != nil {
		return nil, err
	}
	return s, nil
}

func registerOk(put func(string) error) (*session, error) {
	s, err := newSession()
	if err != nil {
		return nil, err
	}
	if err := put(s.name()); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func neverBad() string {
	s, _ := newSession() // want "the value of newSession is dropped: nothing calls its Close, which alone ends the goroutine that newSession started"
	return s.name()
}

func deferOk() (string, error) {
	s, err := newSession()
	if err != nil {
		return "", err
	}
	defer s.Close()
	return s.name(), nil
}

func deferLaterOk(work func() error) (s *session, err error) {
	defer func() {
		if err != nil && s != nil {
			s.Close()
		}
	}()
	s, err = newSession()
	if err != nil {
		return nil, err
	}
	if err = work(); err != nil {
		return nil, err
	}
	return s, nil
}

type keeper struct{ s *session }

func (k *keeper) open() error {
	s, err := newSession()
	if err != nil {
		return err
	}
	k.s = s
	return nil
}

func handOnOk(keep func(*session)) error {
	s, err := newSession()
	if err == nil {
		keep(s)
	}
	return err
}

func panicOk() string {
	s, err := newSession()
	if err != nil {
		panic(err)
	}
	if s.name() == "" {
		panic("no name")
	}
	s.Close()
	return ""
}

// A wrapper passes the duty on.
func open() (*session, error) { return newSession() }

func wrappedBad() error {
	s, err := open() // want "the value of open is dropped"
	if err != nil {
		return err
	}
	if s.name() == "" {
		return errors.New("no name")
	}
	return s.Close()
}

// A conn is reduced from grpc-go dd5645bebff4: dialing starts a goroutine and
// then returns an error.
type conn struct {
	quit chan struct{}
	once sync.Once
}

func (c *conn) Close() { c.once.Do(func() { close(c.quit) }) }

func (c *conn) monitor() {
	for {
		select {
		case <-time.After(time.Second):
		case <-c.quit:
			return
		}
	}
}

func dialBad(check func() error) (*conn, error) {
	c := &conn{quit: make(chan struct{})}
	go c.monitor() // want "goroutine runs on when dialBad fails: the conn is dropped without its Close"
	if err := check(); err != nil {
		return nil, err
	}
	return c, nil
}

func dialOk(check func() error) (*conn, error) {
	c := &conn{quit: make(chan struct{})}
	if err := check(); err != nil {
		return nil, err
	}
	go c.monitor()
	return c, nil
}

func dialClosesOk(check func() error) (*conn, error) {
	c := &conn{quit: make(chan struct{})}
	go c.monitor()
	if err := check(); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// A mapper is reduced from prometheus f31ada2a04c6: the queue is started for a
// field, and reading the files fails.
type queue struct {
	jobs chan int
	wg   sync.WaitGroup
}

func newQueue() *queue {
	q := &queue{jobs: make(chan int)}
	q.start()
	return q
}

func (q *queue) start() {
	q.wg.Add(1)
	go func() {
		defer q.wg.Done()
		for range q.jobs {
		}
	}()
}

func (q *queue) stop() {
	close(q.jobs)
	q.wg.Wait()
}

type mapper struct{ q *queue }

func newMapperBad(load func(*mapper) error) (*mapper, error) {
	m := &mapper{}
	m.q = newQueue() // want "the value of newQueue is dropped on a path that returns without calling its stop"
	if load == nil {
		return nil, errors.New("cannot load")
	}
	return m, nil
}

func newMapperOk() (*mapper, error) {
	return &mapper{q: newQueue()}, nil
}

func (m *mapper) Close() { m.q.stop() }

// The context of the caller ends it as well.
type reader struct {
	cancel context.CancelFunc
}

func newReader(ctx context.Context) *reader {
	ctx, cancel := context.WithCancel(ctx)
	r := &reader{cancel}
	go func() {
		for ctx.Err() == nil {
			time.Sleep(time.Second)
		}
	}()
	return r
}

func (r *reader) Close() { r.cancel() }

func readOk(ctx context.Context) { newReader(ctx) }

// It ends by itself.
type shot struct{ quit chan struct{} }

func newShot(f func()) *shot {
	s := &shot{quit: make(chan struct{})}
	go func() {
		select {
		case <-s.quit:
		case <-time.After(time.Second):
			f()
		}
	}()
	return s
}

func (s *shot) Stop() { close(s.quit) }

func shootOk(f func()) { newShot(f) }

// It says that it has ended.
func (s *session) ended() <-chan struct{} { return s.done }

func rejoinOk(quit chan struct{}) {
	for {
		s, err := newSession()
		if err != nil {
			return
		}
		select {
		case <-s.ended():
			return
		case <-quit:
			s.Close()
			return
		}
	}
}

// The goroutine is started only on request.
func newConn(start bool) *conn {
	c := &conn{quit: make(chan struct{})}
	if start {
		go c.monitor()
	}
	return c
}

func lookOk() bool { return newConn(false) != nil }

// There is a value only if somebody asked for one.
func perhapsBad(want bool, work func() error) error {
	var s *session
	var err error
	if want {
		s, err = newSession() // want "dropped on a path"
		if err != nil {
			return err
		}
	}
	if err = work(); err != nil {
		return err
	}
	if s != nil {
		s.Close()
	}
	return nil
}

// An error of a type of its own says that there is no value, too.

type failure interface {
	error
	Code() int
}

type late struct{ error }

func (late) Code() int { return 7 }

func openSession() (*session, failure) {
	s, err := newSession()
	if err != nil {
		return nil, late{err}
	}
	return s, nil
}

func strictOk(strict bool) (*session, error) {
	s, err := openSession()
	if err != nil && strict {
		return nil, err
	}
	return s, nil
}

func strictBad(strict bool) (*session, error) {
	s, err := openSession() // want "the value of openSession is dropped on a path that returns without calling its Close"
	if err == nil && strict {
		return nil, errors.New("too strict")
	}
	return s, nil
}

// What a function says of the error guards as a comparison does.
func failed(err error, text string) bool {
	if err != nil {
		println(text)
	}
	return err != nil
}

func guardedOk() error {
	s, err := newSession()
	if failed(err, "no session") {
		return nil
	}
	defer s.Close()
	return nil
}

func guardedLateBad(ready func() bool) error {
	s, err := newSession() // want "the value of newSession is dropped on a path that returns without calling its Close"
	if failed(err, "no session") {
		return nil
	}
	if !ready() {
		return errors.New("not ready")
	}
	s.Close()
	return nil
}
