// Package moby36114 is a fixed form: the inner function expects the lock.
package moby36114

import "sync"

type serviceVM struct {
	sync.Mutex
	disks int
}

func (vm *serviceVM) hotAdd() {
	vm.Lock()
	defer vm.Unlock()
	vm.disks++
	vm.hotRemoveLocked()
}

func (vm *serviceVM) hotRemoveLocked() { vm.disks-- }

// Run adds a disk.
func Run() { go (&serviceVM{}).hotAdd() }
