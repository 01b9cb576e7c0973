// Package cockroach13197 is a fixed form: whoever begins a transaction rolls
// it back, which cancels the context that awaitDone waits for.
package cockroach13197

import "context"

type db struct{}

type tx struct {
	cancel context.CancelFunc
	ctx    context.Context
}

func (d *db) begin(ctx context.Context) *tx {
	ctx, cancel := context.WithCancel(ctx)
	t := &tx{cancel: cancel, ctx: ctx}
	go t.awaitDone()
	return t
}

func (t *tx) awaitDone() { <-t.ctx.Done() }
func (t *tx) rollback()  { t.close() }
func (t *tx) close()     { t.cancel() }

// Run begins a transaction and rolls it back.
func Run() {
	d := &db{}
	t := d.begin(context.Background())
	defer t.rollback()
}
