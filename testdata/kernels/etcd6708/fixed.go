// Package etcd6708 is a fixed form: the leader is asked for before the lock is
// taken, because asking takes it.
package etcd6708

import (
	"context"
	"sync"
)

type doer interface{ do(context.Context) int }

type clusterClient struct {
	sync.RWMutex
	prioritizeLeader bool
	leader           int
}

func (c *clusterClient) endpoints(ctx context.Context) int {
	if c.prioritizeLeader {
		return (&membersAPI{c}).askLeader(ctx)
	}
	return 0
}

func (c *clusterClient) do(context.Context) int {
	c.RLock()
	defer c.RUnlock()
	return c.leader
}

func (c *clusterClient) sync(ctx context.Context) {
	leader := c.endpoints(ctx)
	c.Lock()
	defer c.Unlock()
	c.leader = leader
}

type membersAPI struct{ client doer }

func (m *membersAPI) askLeader(ctx context.Context) int { return m.client.do(ctx) }

// Run synchronises a client that prefers the leader.
func Run() {
	c := &clusterClient{prioritizeLeader: true}
	go c.sync(context.Background())
}
