package main

import (
	"os"
	"syscall"
	"unsafe"
)

// terminal gives the settings of the terminal behind r; ok is false where there
// is none.
func terminal(r any) (f *os.File, t syscall.Termios, ok bool) {
	f, ok = r.(*os.File)
	return f, t, ok && ioctl(f, syscall.TCGETS, &t)
}

func ioctl(f *os.File, request uintptr, t *syscall.Termios) bool {
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(unsafe.Pointer(t)))
	return errno == 0
}

// isTerminal reports whether a person types at r.
func isTerminal(r any) bool {
	_, _, ok := terminal(r)
	return ok
}

// hide keeps a terminal from showing what is typed, until show is called.
func hide(r any) (show func(), err error) {
	f, was, ok := terminal(r)
	if !ok {
		return func() {}, nil
	}
	hidden := was
	hidden.Lflag &^= syscall.ECHO
	ioctl(f, syscall.TCSETS, &hidden)
	return func() { ioctl(f, syscall.TCSETS, &was) }, nil
}
