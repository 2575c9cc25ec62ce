// Package statsfile reads what others publish from disk, plain, gzip, bzip2 or xz:
// registries' statistics, validators' exports, routing tables.
//
// It is beside the commands because the ledger takes plain bytes alone.
package statsfile

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/ulikunitz/xz"

	"ipledger/ledger/genesis"
)

// Read reads a statistics file: plain, gzip, bzip2 or xz, by its first bytes. The
// name is kept, because it dates a derived list.
func Read(path string) (genesis.Stats, error) {
	file, err := os.Open(path)
	if err != nil {
		return genesis.Stats{}, err
	}
	defer file.Close()
	in := bufio.NewReader(file)
	plain, err := decompress(in)
	if err != nil {
		return genesis.Stats{}, fmt.Errorf("%s: %w", path, err)
	}
	// One byte beyond the bound tells genesis that the file is too large.
	raw, err := io.ReadAll(io.LimitReader(plain, genesis.StatsBytesMax+1))
	if err != nil {
		return genesis.Stats{}, fmt.Errorf("%s: %w", path, err)
	}
	return genesis.Stats{Name: path, Raw: raw}, nil
}

func decompress(in *bufio.Reader) (io.Reader, error) {
	head, err := in.Peek(6)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return gzip.NewReader(in)
	case len(head) == 6 && string(head[:3]) == "BZh" && head[4] == 0x31 && head[5] == 0x41:
		return bzip2.NewReader(in), nil
	case bytes.HasPrefix(head, []byte{0xfd, '7', 'z', 'X', 'Z', 0}):
		return xz.NewReader(in)
	}
	return in, nil
}
