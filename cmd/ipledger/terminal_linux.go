package main

import (
	"bufio"
	"io"
	"os"
	"strings"
	"syscall"
	"unsafe"
)

// terminal gives the settings of the terminal behind r; ok is false where there
// is none.
func terminal(r any) (t syscall.Termios, ok bool) {
	f, ok := r.(*os.File)
	return t, ok && ioctl(f, syscall.TCGETS, &t)
}

func ioctl(f *os.File, request uintptr, t *syscall.Termios) bool {
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(unsafe.Pointer(t)))
	return errno == 0
}

// isTerminal reports whether a person types at r.
func isTerminal(r any) bool {
	_, ok := terminal(r)
	return ok
}

// readHidden reads a line from a terminal without showing it.
func readHidden(r io.Reader) (string, error) {
	if t, ok := terminal(r); ok {
		hidden := t
		hidden.Lflag &^= syscall.ECHO
		f := r.(*os.File)
		ioctl(f, syscall.TCSETS, &hidden)
		defer ioctl(f, syscall.TCSETS, &t)
	}
	line, err := bufio.NewReader(r).ReadString('\n')
	return strings.TrimRight(line, "\r\n"), err
}
