package local

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// marker is the file that tells a network's home from any other folder; only a
// folder with it is ever emptied. It is also locked while the network runs.
const marker = "this-is-an-ipledger-test-network"

// takeHome makes or checks the home and locks it.
func takeHome(o Options) (io.Closer, error) {
	if err := checkHome(o.Home); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Home, 0o700); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrHome, err)
	}
	lock, err := lockFile(filepath.Join(o.Home, marker))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w; another test network may run in it", ErrHome, o.Home, err)
	}
	if o.Fresh {
		if err := empty(o.Home); err != nil {
			return nil, errors.Join(fmt.Errorf("%w: %w", ErrHome, err), lock.Close())
		}
	}
	return lock, nil
}

// checkHome refuses a folder that holds something else.
func checkHome(home string) error {
	list, err := os.ReadDir(home)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(list) == 0 {
		return nil
	}
	if err == nil {
		_, err = os.Stat(filepath.Join(home, marker))
	}
	if err != nil {
		return fmt.Errorf("%w: %s holds something that is no test network and is left as it is; name another --home", ErrHome, home)
	}
	return nil
}

// empty removes all but the marker, which is locked.
func empty(home string) error {
	list, err := os.ReadDir(home)
	if err != nil {
		return err
	}
	for _, f := range list {
		if f.Name() == marker {
			continue
		}
		if err := os.RemoveAll(filepath.Join(home, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

// writeFile replaces a file in one step, so that a reader sees the old or the new.
func writeFile(name string, raw []byte, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
