package lsp

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/killcheck/killcheck/cmd/killcheck/internal/finding"
)

// A fakeBackend reports calls of leak by looking at the text, so that it needs
// no go command.
type fakeBackend struct {
	mu       sync.Mutex
	hold     chan struct{} // if not nil, a run waits for it, or to be cancelled
	err      error
	runs     int
	canceled int
	last     Request
	kinds    []string // of the runs: quick, which leaves files out, or full
}

// kind gives the kind of a run, or "" if there were fewer.
func (b *fakeBackend) kind(i int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if i < len(b.kinds) {
		return b.kinds[i]
	}
	return ""
}

func (b *fakeBackend) Analyze(ctx context.Context, req Request) ([]finding.Finding, error) {
	b.mu.Lock()
	b.runs++
	b.last = req
	if len(req.Hidden) > 0 {
		b.kinds = append(b.kinds, "quick")
	} else {
		b.kinds = append(b.kinds, "full")
	}
	hold, err := b.hold, b.err
	b.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			b.mu.Lock()
			b.canceled++
			b.mu.Unlock()
			return nil, ctx.Err()
		}
	}
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(req.Dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var all []finding.Finding
	for _, path := range paths {
		if slices.Contains(req.Hidden, path) {
			continue
		}
		text, ok := req.Overlay[path]
		if !ok {
			data, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			text = string(data)
		}
		for at := 0; ; {
			i := strings.Index(text[at:], "leak()")
			if i < 0 {
				break
			}
			at += i
			line := strings.Count(text[:at], "\n") + 1
			col := at - strings.LastIndexByte(text[:at], '\n')
			all = append(all, finding.Finding{
				Check: "toy", Message: "leak",
				Span: finding.Span{File: path, Start: finding.Point{Line: line, Col: col}, End: finding.Point{Line: line, Col: col + 6}},
				Path: []finding.Step{{Span: finding.Span{File: path, Start: finding.Point{Line: 1, Col: 1}}, Message: "started here"}},
				Fixes: []finding.Fix{
					{Message: "look at it", Review: true, Edits: []finding.Edit{{File: path, Start: at, End: at + 6, New: "x()"}}},
					{Message: "call stop", Edits: []finding.Edit{{File: path, Start: at, End: at + 4, New: "stop"}}},
				},
			})
			at += 6
		}
	}
	return all, nil
}

func (b *fakeBackend) count() (runs, canceled int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.runs, b.canceled
}
