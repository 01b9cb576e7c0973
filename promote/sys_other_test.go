//go:build !linux && !darwin

package promote

import "syscall"

func newSession() *syscall.SysProcAttr { return nil }

func fewDescriptors() {}

func dropRights() {}
