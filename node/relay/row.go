package relay

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

const (
	journalHead = "ipledger-journal/1\n"
	// rowBytesMax fits the longest act of any kind.
	rowBytesMax = tx.LargestBytesMax + 64
	sealBytes   = 16
	frameBytes  = 4 + sealBytes // what stands before a row
)

// Kinds of row.
const (
	rowPut    = 1
	rowRemove = 2
)

// row says that an act was submitted, or that it needs no more care.
type row struct {
	Kind uint8
	ID   wire.Hash
	Raw  []byte // empty in a row that removes
}

// frame is the row as the file holds it: its length in four bytes, the first
// 16 bytes of its SHA-256, the row.
func (r row) frame() []byte {
	raw := wire.Encode(r)
	sum := sha256.Sum256(raw)
	out := binary.BigEndian.AppendUint32(make([]byte, 0, frameBytes+len(raw)), uint32(len(raw)))
	return append(append(out, sum[:sealBytes]...), raw...)
}

// parseJournal reads a whole file. Bytes at the end that are no whole row are
// what a crash left of one that was never acknowledged; a whole row that
// contradicts its seal is damage, unless it is the last: a crash may tear it too.
// What is kept ends at the byte whole.
func parseJournal(raw []byte) (rows []row, whole int, err error) {
	if len(raw) < len(journalHead) && bytes.HasPrefix([]byte(journalHead), raw) {
		return nil, 0, nil
	}
	rest, ok := bytes.CutPrefix(raw, []byte(journalHead))
	if !ok {
		return nil, 0, fmt.Errorf("%w: it does not begin as a journal does", ErrJournal)
	}
	for whole = len(journalHead); len(rest) >= frameBytes; whole = len(raw) - len(rest) {
		if blank(rest) {
			return rows, whole, nil
		}
		n := int(binary.BigEndian.Uint32(rest))
		if n > len(rest)-frameBytes {
			return rows, whole, torn(rest, whole)
		}
		r, err := parseRow(rest[frameBytes:frameBytes+n], rest[4:frameBytes])
		rest = rest[frameBytes+n:]
		if err != nil && blank(rest) {
			return rows, whole, nil
		}
		if err != nil {
			return nil, 0, fmt.Errorf("%w: a row that ends at byte %d: %w", ErrJournal, len(raw)-len(rest), err)
		}
		rows = append(rows, r)
	}
	return rows, whole, nil
}

// blank reports whether nothing was written here: a crash can leave zeros where
// bytes were still to come.
func blank(rest []byte) bool { return len(bytes.TrimLeft(rest, "\x00")) == 0 }

// torn is nil if rest can be a row that the end of the file cut off. A damaged
// length looks the same, but whole rows follow it.
func torn(rest []byte, at int) error {
	for i := 1; i+frameBytes <= len(rest); i++ {
		n := int(binary.BigEndian.Uint32(rest[i:]))
		body := rest[i+frameBytes:]
		if n > rowBytesMax || n > len(body) {
			continue
		}
		if _, err := parseRow(body[:n], rest[i+4:i+frameBytes]); err == nil {
			return fmt.Errorf("%w: the length of the row at byte %d is damaged", ErrJournal, at)
		}
	}
	return nil
}

func parseRow(raw, seal []byte) (row, error) {
	sum := sha256.Sum256(raw)
	if !bytes.Equal(sum[:sealBytes], seal) {
		return row{}, fmt.Errorf("it contradicts its seal")
	}
	var r row
	if err := wire.Decode(raw, rowBytesMax, &r); err != nil {
		return row{}, err
	}
	if r.Kind != rowPut && r.Kind != rowRemove {
		return row{}, fmt.Errorf("kind %d has no meaning", r.Kind)
	}
	return r, nil
}
