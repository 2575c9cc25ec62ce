package observed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// ReadExport reads a validator's export: JSON as rpki-client and Routinator write
// it, or CSV with a line of column names. Reading stops at the first thing that is
// wrong, and at ExportBytesMax.
//
// specs/30 FILE-1: An export MUST have at most 536,870,912 bytes and 4,194,304 rows.
func ReadExport(r io.Reader) (*Export, error) { return readExport(r, ExportBytesMax) }

func readExport(r io.Reader, most int64) (*Export, error) {
	limited := &bounded{r: r, left: most}
	head := make([]byte, 512)
	n, err := io.ReadFull(limited, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	head = head[:n]
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	all := io.MultiReader(bytes.NewReader(start), limited)
	e := new(Export)
	if len(start) > 0 && start[0] == '{' {
		err = e.readJSON(all)
	} else {
		err = e.readCSV(all)
	}
	if err != nil {
		return nil, err
	}
	e.settle()
	return e, nil
}

// bounded gives an error where a file is longer than may be, instead of an end that
// would look like its own.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, fmt.Errorf("%w: it is longer than may be (FILE-1)", ErrExport)
	}
	return n, err
}
