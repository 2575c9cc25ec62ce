package keystore

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// FileBytesMax bounds a key file; those of known wallets have about 500 bytes.
const FileBytesMax = 16 << 10

// readFile reads at most FileBytesMax.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, FileBytesMax+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > FileBytesMax {
		return nil, fmt.Errorf("%s: %w: more than %d bytes", path, ErrFile, FileBytesMax)
	}
	return raw, nil
}

// writeNew writes a file that only its owner reads, whole or not at all, and
// never over another: the name is linked to what has reached the disk.
func writeNew(path string, raw []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, ".new-*") // made with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(raw)
	if err := errors.Join(err, temp.Chmod(0o600), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err := os.Link(temp.Name(), path); errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%w: %s", ErrExists, path)
	} else if err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
