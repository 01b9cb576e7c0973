// Package moby4951 is a fixed form: the lock of a device is taken before the
// lock of the set, in each function.
package moby4951

import (
	"sync"
	"time"
)

type deviceSet struct {
	sync.Mutex
	infos map[string]*devInfo
}

type devInfo struct {
	lock    sync.Mutex
	name    string
	deleted bool
}

func (d *deviceSet) lookup(name string) *devInfo {
	d.Lock()
	defer d.Unlock()
	return d.infos[name]
}

func (d *deviceSet) deleteDevice(name string) {
	info := d.lookup(name)
	if info == nil {
		return
	}
	info.lock.Lock()
	defer info.lock.Unlock()
	d.Lock()
	defer d.Unlock()
	d.removeAndWait()
	info.deleted = true
}

func (d *deviceSet) removeAndWait() {
	d.Unlock()
	time.Sleep(300 * time.Nanosecond)
	d.Lock()
}

// Run deletes one device twice, side by side.
func Run() {
	d := &deviceSet{infos: map[string]*devInfo{"a": {name: "a"}, "b": {name: "b"}}}
	go d.deleteDevice("a")
	go d.deleteDevice("a")
}
