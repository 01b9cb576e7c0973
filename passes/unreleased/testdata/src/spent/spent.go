// Package spent holds receives for which no value is left.
package spent

import (
	"sync"
	"time"
)

func TwiceBad(say func()) {
	t := time.NewTimer(time.Millisecond)
	go func() {
		defer t.Stop()
		<-t.C
		<-t.C // want `brings one value`
		say()
	}()
}

func HereBad(say func()) {
	t := time.NewTimer(time.Millisecond)
	<-t.C
	say()
	if !t.Stop() {
		<-t.C // want `brings one value`
	}
}

func GroupBad(say func()) {
	t := time.NewTimer(time.Millisecond)
	var wg sync.WaitGroup
	wg.Go(func() {
		<-t.C
		<-t.C // want `brings one value`
		say()
	})
	wg.Wait()
}

type alarm struct{ t *time.Timer }

func Start(say func()) {
	a := &alarm{}
	a.t = time.NewTimer(time.Second)
	go a.waitBad(say)
}

func (a *alarm) waitBad(say func()) {
	<-a.t.C
	say()
	<-a.t.C // want `brings one value`
}

func namedBad(t *time.Timer) {
	<-t.C
	<-t.C // want `brings one value`
}

func Named() { go namedBad(time.NewTimer(time.Second)) }

// It is started again.
func ResetOk(say func()) {
	t := time.NewTimer(time.Millisecond)
	go func() {
		<-t.C
		t.Reset(time.Second)
		<-t.C
		say()
	}()
}

type clock struct{ t *time.Timer }

func Run(say func()) *clock {
	c := &clock{t: time.NewTimer(time.Second)}
	go c.runOk(say)
	return c
}

func (c *clock) runOk(say func()) {
	<-c.t.C
	say()
	<-c.t.C
}

func (c *clock) Again() { c.t.Reset(time.Second) }

// Another one.
func NewOk(say func()) {
	t := time.NewTimer(time.Millisecond)
	<-t.C
	say()
	t = time.NewTimer(time.Second)
	<-t.C
}

type renewed struct{ t *time.Timer }

func (r *renewed) set() { r.t = time.NewTimer(time.Second) }

func RenewedOk(say func()) {
	r := &renewed{}
	r.set()
	<-r.t.C
	say()
	r.set()
	<-r.t.C
}

// One of two ways.
func WaysOk(say func(), first bool) {
	t := time.NewTimer(time.Millisecond)
	if first {
		<-t.C
		say()
		return
	}
	<-t.C
}

func LoopOk(say func(), n int) {
	for range n {
		t := time.NewTimer(time.Millisecond)
		<-t.C
		say()
	}
}

// It may be reset by whoever gets it.
func HandedOk(say func(), keep func(*time.Timer)) {
	t := time.NewTimer(time.Millisecond)
	keep(t)
	<-t.C
	say()
	<-t.C
}

func TickerOk(say func()) {
	t := time.NewTicker(time.Millisecond)
	defer t.Stop()
	<-t.C
	say()
	<-t.C
}

// What is left is counted before it is taken.
func CountedOk(d time.Duration, say func()) func() {
	t := time.NewTimer(d)
	return func() {
		<-t.C
		t.Stop()
		for len(t.C) > 0 {
			<-t.C
		}
		say()
	}
}
