package accepts

import "context"

// Whether a hook is there decides whether the round is waited for.

func FirstRoundBad(ctx context.Context, round func(), load func(context.Context) []string) []string {
	done := make(chan struct{})
	go func() {
		round()
		<-done // want "the function that started it can return without raising done"
	}()
	if ctx.Err() != nil {
		close(done)
		return nil
	}
	if load != nil {
		done <- struct{}{}
		return load(ctx)
	}
	return nil
}
