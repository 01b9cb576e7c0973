// Package hugo5379 is a fixed form: a shortcode that is rendered under the
// content lock asks for the plain text without locking again.
package hugo5379

import (
	"context"
	"sync"
	"time"
)

type shortcodes struct {
	p     *page
	once  sync.Once
	delta map[int]func() error
}

func (s *shortcodes) execute() error {
	for _, render := range s.delta {
		if err := render(); err != nil {
			return err
		}
	}
	return nil
}

func (s *shortcodes) update() {
	s.once.Do(func() {
		s.delta = map[int]func() error{0: func() error {
			s.p.initPlain(false)
			return nil
		}}
	})
}

type page struct {
	contentInit   sync.Once
	contentInitMu sync.Mutex
	plainInit     sync.Once
	plain         string
	shortcodes    *shortcodes
}

func (p *page) wordCount() {
	p.initContent()
	p.initPlain(true)
}

func (p *page) initPlain(lock bool) {
	if lock {
		p.contentInitMu.Lock()
		defer p.contentInitMu.Unlock()
	}
	p.plainInit.Do(func() { p.plain = "text" })
}

func (p *page) initContent() {
	p.contentInit.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		c := make(chan error, 1)
		go func() {
			p.contentInitMu.Lock()
			defer p.contentInitMu.Unlock()
			c <- p.shortcodes.execute()
		}()
		select {
		case <-ctx.Done():
		case <-c:
		}
	})
}

type site struct{ pages []*page }

func (s *site) render() {
	for _, p := range s.pages {
		p.shortcodes.update()
	}
	var wg sync.WaitGroup
	for i := 0; i < 2; i++ {
		wg.Add(1)
		go renderer(s, &wg)
	}
	wg.Wait()
}

func renderer(s *site, wg *sync.WaitGroup) {
	defer wg.Done()
	for _, p := range s.pages {
		p.wordCount()
	}
}

// Run renders a site with one page.
func Run() {
	p := &page{}
	p.shortcodes = &shortcodes{p: p}
	(&site{pages: []*page{p}}).render()
}
