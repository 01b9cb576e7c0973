package apply

import (
	"os"
	"syscall"
)

// links returns how many names a file has.
func links(f *os.File) (uint32, error) {
	var info syscall.ByHandleFileInformation
	err := syscall.GetFileInformationByHandle(syscall.Handle(f.Fd()), &info)
	return info.NumberOfLinks, err
}
