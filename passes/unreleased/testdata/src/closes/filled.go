package closes

import "golang.org/x/sync/errgroup"

// Who makes the channel fills and closes it, before anybody ranges over it.

func filled(ids []int) <-chan int {
	ch := make(chan int, len(ids))
	defer close(ch)
	for _, id := range ids {
		ch <- id
	}
	return ch
}

func FetchOk(ids []int, fetch func(int) error) error {
	ch := filled(ids)
	var g errgroup.Group
	for range 3 {
		g.Go(func() error {
			for id := range ch {
				if err := fetch(id); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return nil
}

func FetchBad(ids []int, check, fetch func(int) error) error {
	ch := make(chan int, len(ids))
	for range 3 {
		go func() {
			for id := range ch { // want "the function that started it can return without closing ch"
				fetch(id)
			}
		}()
	}
	for _, id := range ids {
		if err := check(id); err != nil {
			return err
		}
		ch <- id
	}
	close(ch)
	return nil
}
