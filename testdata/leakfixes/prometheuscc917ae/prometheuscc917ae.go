// Package prometheuscc917ae is after prometheus cc917aee7f95: a service
// discovery loop goes on with each tick, although its context has ended.
package prometheuscc917ae

import (
	"context"
	"time"
)

type lister interface{ List() ([]string, error) }

type discoveryBad struct {
	services lister
	refresh  time.Duration
}

// Run sends the services to ch until ctx ends.
func (d *discoveryBad) Run(ctx context.Context, ch chan<- []string) {
	go func() {
		ticker := time.NewTicker(d.refresh)
		for ; true; <-ticker.C {
			names, err := d.services.List()
			if err != nil {
				continue
			}
			select {
			case ch <- names:
			case <-ctx.Done():
			}
		}
	}()
}

type discoveryOk struct {
	services lister
	refresh  time.Duration
}

// Run sends the services to ch until ctx ends.
func (d *discoveryOk) Run(ctx context.Context, ch chan<- []string) {
	go func() {
		ticker := time.NewTicker(d.refresh)
		defer ticker.Stop()
		for {
			if names, err := d.services.List(); err == nil {
				select {
				case ch <- names:
				case <-ctx.Done():
					return
				}
			}
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
		}
	}()
}
