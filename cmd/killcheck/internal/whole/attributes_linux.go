package whole

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// maxAttributes is how many bytes of names, and of one value, are copied.
const maxAttributes = 64 << 10

// copyAttributes gives a new file the extended attributes of another, such as an
// access list, as far as the system lets it.
func copyAttributes(f, like *os.File) {
	from, to := descriptor(like), descriptor(f)
	names := make([]byte, maxAttributes)
	n, err := syscall.Listxattr(from, names)
	if err != nil {
		return
	}
	value := make([]byte, maxAttributes)
	for name := range bytes.SplitSeq(names[:n], []byte{0}) {
		if len(name) == 0 {
			continue
		}
		if n, err := syscall.Getxattr(from, string(name), value); err == nil {
			_ = syscall.Setxattr(to, string(name), value[:n], 0) // some belong to the system
		}
	}
}

// descriptor names an open file, since package syscall copies attributes only by
// name.
func descriptor(f *os.File) string { return "/proc/self/fd/" + strconv.Itoa(int(f.Fd())) }
