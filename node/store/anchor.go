package store

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"ipledger/ledger/wire"
)

// anchor is what the file HEAD says: the last acknowledged block. Whoever
// rewrites HEAD alone stops the node at its next start, and gains no more.
type anchor struct {
	height uint64
	block  wire.Hash // digest of the block's row
	app    wire.Hash // application hash after the block
}

func anchorOf(m Meta) anchor { return anchor{m.Height, m.digest(), m.AppHash()} }

// text is the whole file.
//
// specs/09 STO-11: HEAD is five lines: format, height, digest of the block's
// row, application hash, and the first 16 bytes of SHA-256 over those four.
func (a anchor) text() []byte {
	body := fmt.Appendf(nil, "ipledger-head/1\nheight %d\nblock %v\napp %v\n", a.height, a.block, a.app)
	sum := sha256.Sum256(body)
	return fmt.Appendf(body, "sum %x\n", sum[:16])
}

// anchorBytesMax is longer than any text.
const anchorBytesMax = 256

func parseAnchor(raw []byte) (a anchor, err error) {
	if len(raw) > anchorBytesMax {
		return anchor{}, fmt.Errorf("more than %d bytes", anchorBytesMax)
	}
	var block, app, sum string
	if _, err := fmt.Sscanf(string(raw), "ipledger-head/1\nheight %d\nblock %64s\napp %64s\nsum %32s\n",
		&a.height, &block, &app, &sum); err != nil {
		return anchor{}, err
	}
	if err := errors.Join(a.block.UnmarshalText([]byte(block)), a.app.UnmarshalText([]byte(app))); err != nil {
		return anchor{}, err
	}
	if string(a.text()) != string(raw) {
		return anchor{}, errors.New("its sum does not match")
	}
	return a, nil
}

// anchorFile reads and writes HEAD. With an empty name it keeps it in memory.
type anchorFile struct {
	name   string
	memory []byte
}

// read is the anchor; ok is false if there is no file.
func (f *anchorFile) read() (a anchor, ok bool, err error) {
	raw := f.memory
	if f.name != "" {
		if raw, err = readAtMost(f.name, anchorBytesMax+1); err != nil {
			return anchor{}, false, fmt.Errorf("read HEAD: %w", err)
		}
	}
	if raw == nil {
		return anchor{}, false, nil
	}
	if a, err = parseAnchor(raw); err != nil {
		return anchor{}, false, &CorruptError{Table: f.name, Why: "HEAD is damaged: " + err.Error()}
	}
	return a, true, nil
}

// readAtMost is the beginning of a file, nil if there is none.
func readAtMost(name string, n int64) ([]byte, error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, n))
}

// write replaces the file; it is on disk when write returns.
func (f *anchorFile) write(a anchor) error {
	if f.name == "" {
		f.memory = a.text()
		return nil
	}
	temporary := f.name + ".new"
	if err := writeSynced(temporary, a.text()); err != nil {
		return fmt.Errorf("write HEAD: %w", err)
	}
	if err := os.Rename(temporary, f.name); err != nil {
		return fmt.Errorf("write HEAD: %w", err)
	}
	return syncDir(filepath.Dir(f.name))
}

func writeSynced(name string, data []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

func syncDir(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open the store's directory: %w", err)
	}
	return errors.Join(file.Sync(), file.Close())
}
