package kept

import (
	"errors"
	"sync"
)

// Who looks one up gets it locked.

type inode interface {
	sync.Locker
	Linked() bool
}

type tree struct{ byName map[string]inode }

func (t *tree) Find(name string) (child inode, err error) {
	defer func() {
		if child != nil {
			t.byName[name] = child
		}
	}()
	child = t.byName[name]
	if child == nil {
		return nil, errors.New("no child")
	}
	child.Lock()
	if !child.Linked() {
		child.Unlock()
		child = nil
		return
	}
	return
}

type leaf struct {
	sync.Mutex
	linked bool
}

func (l *leaf) Linked() bool { return l.linked }

func (t *tree) Add(name string) { t.byName[name] = &leaf{linked: true} }
