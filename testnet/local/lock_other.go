//go:build !unix

package local

import (
	"io"
	"os"
)

// lockFile opens the file; the databases of the nodes have locks of their own.
func lockFile(name string) (io.Closer, error) {
	return os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
}
