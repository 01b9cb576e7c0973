//go:build unix && !linux

package whole

import "os"

// copyAttributes does nothing: package syscall does not know them here.
func copyAttributes(_, _ *os.File) {}
