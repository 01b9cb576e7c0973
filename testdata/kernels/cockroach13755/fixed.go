// Package cockroach13755 is a fixed form: the reader of the rows closes them.
package cockroach13755

import "context"

type rows struct {
	cancel context.CancelFunc
}

func (rs *rows) initContextClose(ctx context.Context) {
	ctx, rs.cancel = context.WithCancel(ctx)
	go rs.awaitDone(ctx)
}

func (rs *rows) awaitDone(ctx context.Context) {
	<-ctx.Done()
	rs.close(ctx.Err())
}

func (rs *rows) close(error) { rs.cancel() }

// Run opens rows and closes them.
func Run() {
	rs := &rows{}
	rs.initContextClose(context.Background())
	defer rs.close(nil)
}
