//go:build !unix && !windows

package apply

import (
	"errors"
	"os"
)

// links fails: this system does not tell.
func links(*os.File) (uint32, error) { return 0, errors.ErrUnsupported }
