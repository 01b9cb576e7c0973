package unsafekill

import (
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
)

func tgkillBad(tid int) {
	done := make(chan bool)
	syscall.Tgkill(os.Getpid(), tid, syscall.SIGTERM) // want "^thread killed from outside: syscall.Tgkill"
	close(done)
}

func rawBad(tid int) {
	done := make(chan bool)
	syscall.RawSyscall(syscall.SYS_TGKILL, uintptr(os.Getpid()), uintptr(tid), uintptr(syscall.SIGTERM)) // want "SYS_TGKILL"
	syscall.Syscall(uintptr(syscall.SYS_TKILL), uintptr(tid), 9, 0)                                      // want "SYS_TKILL"
	close(done)
}

func processOk(pid int) {
	syscall.Kill(pid, syscall.SIGTERM)
	syscall.Syscall(syscall.SYS_GETPID, 0, 0, 0)
}

func goexitBad(root string, found func(string) bool) {
	var once sync.Once
	filepath.Walk(root, func(path string, _ os.FileInfo, _ error) error {
		if found(path) {
			runtime.Goexit() // want "^goroutine killed inside a library"
		}
		return nil
	})
	once.Do(func() {})
}

type stop struct{}

func panicBad(root string, found func(string) bool) (result string) {
	defer func() {
		if _, ok := recover().(stop); !ok {
			result = ""
		}
	}()
	done := make(chan bool)
	filepath.Walk(root, func(path string, _ os.FileInfo, _ error) error {
		if found(path) {
			result = path
			panic(stop{}) // want "^panic thrown through a library"
		}
		return nil
	})
	close(done)
	return result
}

func panicOk(root string, found func(string) bool) {
	done := make(chan bool)
	filepath.Walk(root, func(path string, _ os.FileInfo, _ error) error {
		if path == "" {
			panic("no path")
		}
		return nil
	})
	close(done)
}

func goexitOk(found func() bool) {
	go func() {
		if found() {
			runtime.Goexit()
		}
	}()
}

// signalThreadOk gives the signal that its caller chooses.
func signalThreadOk(pid, tid int, sig syscall.Signal) error {
	return syscall.Tgkill(pid, tid, sig)
}

// killThreadBad chooses it.
func killThreadBad(pid, tid int) error {
	return syscall.Tgkill(pid, tid, syscall.SIGKILL) // want "^thread killed from outside: syscall.Tgkill"
}
