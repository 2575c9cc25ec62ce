//go:build linux || darwin

package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

const (
	// BallastBytes is the length of the ballast file. On a full disk Badger
	// dies of SIGBUS, again at each start; 20 MB freed were seen to be enough
	// to open it and find every acknowledged block.
	BallastBytes = 64 << 20
	ballastName  = "BALLAST"

	// freeToOpen is what Badger needs to open, and half of what the ballast
	// gives: less could be a SIGBUS.
	freeToOpen = BallastBytes / 2
	// freeToCommit leaves room for the memtables and compactions of a while,
	// so that the node stops by an error before the disk is full.
	freeToCommit = 256 << 20
)

// FreeBytes is what an ordinary process may still write to dir's file system.
func FreeBytes(dir string) (uint64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, fmt.Errorf("measure free space of %s: %w", dir, err)
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil
}

// checkFree is a *DiskLowError if fewer than need bytes are free.
//
// specs/09 STO-24: Below 32 MiB free the store MUST NOT open, below 256 MiB it
// MUST NOT commit; it says so before it writes anything.
func (o Options) checkFree(need uint64) error {
	if o.Dir == "" {
		return nil
	}
	free, err := o.Free(o.Dir)
	if err == nil && free < need {
		err = &DiskLowError{Dir: o.Dir, Free: free, Need: need}
	}
	return err
}

// makeBallast sets aside a file that an operator may delete when the disk is
// full, unless it is there or the disk has no room to spare.
//
// specs/09 STO-25: A store SHOULD keep a file of 64 MiB that holds nothing.
func (o Options) makeBallast() error {
	name := o.file(ballastName)
	if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if o.checkFree(freeToCommit+BallastBytes) != nil {
		o.Log.Warn("no room for the ballast file", "file", name, "bytes", BallastBytes)
		return nil
	}
	// Bytes that are not zero, so that no file system stores a hole.
	if err := writeSynced(name, bytes.Repeat([]byte("ballast\n"), BallastBytes/8)); err != nil {
		return fmt.Errorf("write the ballast file: %w", err)
	}
	return nil
}
