// Package moby25384 is a fixed form: the wait stands after the loop that starts
// what is waited for.
package moby25384

import "sync"

type plugin struct{ ready bool }

type manager struct{ plugins []*plugin }

func (pm *manager) start() {
	var group sync.WaitGroup
	group.Add(len(pm.plugins))
	for _, p := range pm.plugins {
		go func(p *plugin) {
			defer group.Done()
			p.ready = true
		}(p)
	}
	group.Wait()
}

// Run starts two plugins.
func Run() {
	pm := &manager{plugins: []*plugin{{}, {}}}
	go pm.start()
}
