//go:build unix

package local

import (
	"errors"
	"io"
	"os"
	"syscall"
)

// lockFile opens a file that no other process has locked; closing it, or the end
// of the process, frees it.
func lockFile(name string) (io.Closer, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(errors.New("it is locked"), f.Close())
	}
	return f, nil
}
