package genesis

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// StatementFormat is the tag of a statement file.
const StatementFormat = "ipledger-source/1"

// StatementBytesMax bounds a statement file: each of a million titles with a
// statement of the usual 64 bytes.
const StatementBytesMax = 128 << 20

// ErrStatements reports bytes that are no statement file.
var ErrStatements = errors.New("genesis: not a statement file")

// StatementFile is what a registry's file of a day changes in the register
// (specs/21 SRC-21).
type StatementFile struct {
	Registry string
	Date     uint64    // YYYYMMDD of the registry's file
	File     wire.Hash // SHA-256 of it
	Lines    []tx.Statement
}

// Pages cuts the file into pages as they are entered, and gives the root.
//
// specs/21 SRC-21: its pages MUST each hold as many statements from where the page
// before ended as SRC-18 allows.
func (f *StatementFile) Pages() (pages []*tx.SourceStatement, root wire.Hash) {
	var page []string
	size := 0
	for i := range f.Lines {
		line := f.Lines[i].String()
		if len(page) == record.SheetLinesMax || len(page) > 0 && size+1+len(line) > record.SheetBytesMax {
			pages = append(pages, &tx.SourceStatement{Registry: f.Registry, Lines: strings.Join(page, " ")})
			page, size = nil, 0
		}
		if len(page) > 0 {
			size++
		}
		page, size = append(page, line), size+len(line)
	}
	if len(page) > 0 {
		pages = append(pages, &tx.SourceStatement{Registry: f.Registry, Lines: strings.Join(page, " ")})
	}
	for i := len(pages) - 1; i >= 0; i-- {
		pages[i].Behind = root
		root = record.SheetHash(root, pages[i].Lines)
	}
	return pages, root
}

// Attestation is what a registrar says of the file.
func (f *StatementFile) Attestation() *tx.SourceAttest {
	pages, root := f.Pages()
	return &tx.SourceAttest{Registry: f.Registry, Date: f.Date, File: f.File, Root: root, Pages: uint64(len(pages))}
}

// Encode is the file's bytes.
func (f *StatementFile) Encode() []byte {
	a := f.Attestation()
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s|%s|%d|%x|%d|%x\n", StatementFormat, f.Registry, f.Date, f.File[:], a.Pages, a.Root[:])
	for i := range f.Lines {
		out.WriteString(f.Lines[i].String())
		out.WriteByte('\n')
	}
	return out.Bytes()
}

// DecodeStatements reads a statement file, and nothing else.
func DecodeStatements(raw []byte) (*StatementFile, error) {
	if len(raw) > StatementBytesMax {
		return nil, fmt.Errorf("%w: %d bytes, at most %d (SRC-21)", ErrStatements, len(raw), StatementBytesMax)
	}
	head, rest, ok := strings.Cut(string(raw), "\n")
	fields := strings.Split(head, "|")
	if !ok || len(fields) != 6 || fields[0] != StatementFormat {
		return nil, fmt.Errorf("%w: it does not begin with %s|registry|date|digest|pages|root (SRC-21)", ErrStatements, StatementFormat)
	}
	f := &StatementFile{Registry: fields[1]}
	date, err := strconv.ParseUint(fields[2], 10, 32)
	digest, err2 := hex.DecodeString(fields[3])
	if err = errors.Join(err, err2); err != nil || len(digest) != len(f.File) {
		return nil, fmt.Errorf("%w: a date or digest that is none: %v (SRC-21)", ErrStatements, err)
	}
	f.Date, f.File = date, wire.Hash(digest)
	if err := f.read(rest); err != nil {
		return nil, fmt.Errorf("%w: %w (SRC-21)", ErrStatements, err)
	}
	// specs/21 SRC-21: a reader MUST refuse every other byte.
	if !bytes.Equal(f.Encode(), raw) {
		return nil, fmt.Errorf("%w: a byte differs from the one encoding of what it says (SRC-21)", ErrStatements)
	}
	return f, nil
}

// read reads the statements.
func (f *StatementFile) read(text string) error {
	n := 1
	for line := range strings.Lines(text) {
		n++
		var s tx.Statement
		if err := s.Parse(f.Registry, strings.TrimSuffix(line, "\n")); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if k := len(f.Lines) - 1; k >= 0 && (inr.Compare(f.Lines[k].Block, s.Block) >= 0 || inr.Overlaps(f.Lines[k].Block, s.Block)) {
			return fmt.Errorf("line %d: %v does not come after %v, or overlaps it", n, s.Block, f.Lines[k].Block)
		}
		f.Lines = append(f.Lines, s)
	}
	if len(f.Lines) == 0 {
		return nil
	}
	return tx.New(tx.Header{Author: wire.Address{1}}, f.Attestation()).Check()
}
