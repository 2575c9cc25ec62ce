//go:build !linux

package main

import (
	"errors"
	"io"
	"os"
)

// isTerminal reports whether a person types at r.
func isTerminal(r any) bool {
	f, ok := r.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// readHidden fails: on this system the tool does not know how to hide what is typed.
func readHidden(io.Reader) (string, error) {
	return "", errors.New("this system's terminal cannot hide a password; give --password-file")
}
