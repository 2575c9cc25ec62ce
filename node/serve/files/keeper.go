package files

import (
	"bufio"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// patience is how long a reader waits while another's request makes a file.
const patience = 20 * time.Second

// writeBytes is how much of a file is written at once.
const writeBytes = 1 << 16

// errBusy reports a file that is being made for longer than a reader waits.
var errBusy = errors.New("files: the file is being made")

// document is one file that was made: on disk, without a name there. It stays
// readable for those who read it when another takes its place, and is closed when
// the last has let go of it.
type document struct {
	file        *os.File
	size        int64
	made        time.Time // the time of the state that it tells of
	md5, sha256 string
}

// reader is the document from its start.
func (d *document) reader() io.ReadSeeker { return io.NewSectionReader(d.file, 0, d.size) }

// keeper makes a document once for a key.
type keeper struct {
	dir  string
	lock chan struct{} // guards what follows
	key  any
	last *document
}

func newKeeper(dir string) *keeper { return &keeper{dir: dir, lock: make(chan struct{}, 1)} }

// get is the newest document: the one there is, unless next says of its key that
// another has to be made, for the key that it gives.
func (k *keeper) get(ctx context.Context, next func(old any) (any, bool), make func(io.Writer) (time.Time, error)) (*document, error) {
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case k.lock <- struct{}{}:
		defer func() { <-k.lock }()
	case <-wait.Done():
		return nil, errBusy
	}
	key, anew := next(k.key)
	if k.last != nil && !anew {
		return k.last, nil
	}
	d, err := newDocument(k.dir, make)
	if err == nil {
		k.key, k.last = key, d
	}
	return d, err
}

// nameless is a file that nobody else finds, and that is gone when it is closed.
func nameless(dir string) (*os.File, error) {
	file, err := os.CreateTemp(dir, "served-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func newDocument(dir string, make func(io.Writer) (time.Time, error)) (*document, error) {
	file, err := nameless(dir)
	if err != nil {
		return nil, err
	}
	// RFC 1321 here is a check sum that registries publish; it protects nothing.
	plain, strong := md5.New(), sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(file, plain, strong), writeBytes)
	made, err := make(out)
	if err = errors.Join(err, out.Flush()); err != nil {
		return nil, errors.Join(fmt.Errorf("make a file: %w", err), file.Close())
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &document{file, size, made, hex.EncodeToString(plain.Sum(nil)), hex.EncodeToString(strong.Sum(nil))}, nil
}
