package waits

import (
	"bytes"
	"context"

	"example.com/verdict/lib"
	"example.com/verdict/plain"
	"example.com/verdict/quiet"
)

func Far(ctx context.Context, b *bytes.Buffer, d quiet.Doer, c chan struct{}) {
	go plain.Forever()                          // WANT: stuck (the loop at plain.go:9 in example.com/verdict/plain.Forever has no exit)
	go lib.Sleeps()                             // WANT: stuck (the loop at lib.go:11 in example.com/verdict/lib.Sleeps has no exit)
	go lib.SelectNothing()                      // WANT: stuck (select{} at lib.go:16 in example.com/verdict/lib.SelectNothing waits for nothing)
	go lib.New().Range()                        // WANT: stuck (the loop at lib.go:25 in (*example.com/verdict/lib.Queue).Range ends by q.ch, which nothing closes or sends on)
	go lib.Run(ctx, func() {})                  // WANT: stops by ctx.Done(): runs example.com/verdict/lib.Run
	go lib.Run(context.Background(), func() {}) // WANT: stuck (the loop at lib.go:31 in example.com/verdict/lib.Run ends by context.Background().Done(), whose context is never cancelled)
	go lib.Run(ctx, d.Do)                       // WANT: stops by ctx.Done(), if Do returns
	go lib.Polls(func() bool { return true })   // WANT: ends, if the loop at lib.go:42 in example.com/verdict/lib.Polls ends
	go lib.Sums(3)                              // WANT: ends
	go lib.NewServer().Serve()                  // WANT: stops by s.quit
	go lib.Deep(c)                              // WANT: stops by c
	go lib.Deep(make(chan struct{}))            // WANT: stuck (it waits for make(chan struct{}) at lib.go:70 in example.com/verdict/lib.d7, which nothing closes or sends on)
	go quiet.Pump(b, b)                         // WANT: unknown (waits in Copy at quiet.go:9 in example.com/verdict/quiet.pump)
	go quiet.Apply(d)                           // WANT: ends, if d.Do returns
	go quiet.Calls(func() {})                   // WANT: ends, if f returns
	go quiet.Twice(1)                           // WANT: ends
}
