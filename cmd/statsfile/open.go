package statsfile

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

// Open opens a file of others, plain, gzip, bzip2 or xz by its first bytes, to be read as
// it comes: who reads it keeps the bounds, for nobody knows how long it gets.
func Open(path string) (io.ReadCloser, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	plain, err := decompress(bufio.NewReaderSize(file, 1<<16))
	if err != nil {
		_ = file.Close() // it was read only
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return opened{plain, file}, nil
}

// opened is plain bytes and the file that they come from.
type opened struct {
	io.Reader
	io.Closer
}
