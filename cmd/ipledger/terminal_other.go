//go:build !linux

package main

import (
	"errors"
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

// hide fails: on this system the tool does not know how to hide what is typed.
func hide(any) (show func(), err error) {
	return func() {}, errors.New("this system's terminal cannot hide a password; give --password-file")
}
