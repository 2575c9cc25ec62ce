package tx

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// Statement is what a registry's file says of one block.
type Statement struct {
	Block  wire.Resource
	Source *record.Source // its row; nil where it is listed no more
}

// ParseStatements reads the lines of a page of a registry.
//
// specs/21 SRC-18: A page MUST be 1 to 64 statements, ascending by block and none
// overlapping another, joined by single spaces, at most 2,400 bytes.
func ParseStatements(registry, lines string) ([]Statement, error) {
	items := strings.Split(lines, " ")
	if len(items) > record.SheetLinesMax || len(lines) > record.SheetBytesMax {
		return nil, Refuse("SRC-18", "lines", "%d statements of %d bytes, at most %d of %d", len(items), len(lines), record.SheetLinesMax, record.SheetBytesMax)
	}
	out := make([]Statement, len(items))
	for i, item := range items {
		if err := out[i].Parse(registry, item); err != nil {
			return nil, err
		}
		if i > 0 && !out[i-1].before(&out[i]) {
			return nil, Refuse("SRC-18", "lines", "%v does not come after %v, or overlaps it", out[i].Block, out[i-1].Block)
		}
	}
	return out, nil
}

func (s *Statement) before(x *Statement) bool {
	return inr.Compare(s.Block, x.Block) < 0 && !inr.Overlaps(s.Block, x.Block)
}

// Parse reads one statement of a registry.
func (s *Statement) Parse(registry, line string) error {
	fields := strings.Split(line, "|")
	block, err := inr.Parse(fields[0])
	if err != nil || !inr.Registrable(block) {
		return Refuse("SRC-18", "lines", "%q is no block that can be registered", clip(fields[0]))
	}
	*s = Statement{Block: block}
	if len(fields) == 1 {
		return nil
	}
	if len(fields) != 7 {
		return Refuse("SRC-18", "lines", "%q has %d fields, a row has 7", clip(line), len(fields))
	}
	s.Source = &record.Source{Registry: registry, Status: fields[1], Country: fields[2], Handle: fields[6]}
	// specs/21 SRC-18: a statement MUST be in the one form.
	if !s.read(fields) || s.String() != line {
		return Refuse("SRC-18", "lines", "%q is not in the form of a statement", clip(line))
	}
	return nil
}

// read reads what is more than a text, and says whether the row can be one.
func (s *Statement) read(fields []string) bool {
	if fields[3] != "" {
		d, ok := record.ReadDay(fields[3])
		if s.Source.Date = uint64(d); !ok {
			return false
		}
	}
	name, legacy := strings.CutSuffix(fields[4], "+legacy")
	s.Source.Legacy = legacy
	for class := record.Whole; class <= record.Derived; class++ {
		if class.String() == name {
			s.Source.Class = class
		}
	}
	return s.Source.Class != 0 && s.readRow(fields[5]) && wellFormed(s.Source)
}

// wellFormed reports whether the texts of a row can be those of a record line
// (specs/08 GEN-2).
func wellFormed(s *record.Source) bool {
	switch s.Status {
	case "", "allocated", "assigned", "available", "reserved":
	default:
		return false
	}
	country := s.Country == "" || len(s.Country) == 2 && s.Country[0] >= 'A' && s.Country[0] <= 'Z' && s.Country[1] >= 'A' && s.Country[1] <= 'Z'
	for _, c := range []byte(s.Handle) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return country && len(s.Handle) <= record.SaysBytesMax
}

// readRow reads the ends of the row.
func (s *Statement) readRow(text string) (ok bool) {
	first, last := inr.Ends(s.Block)
	s.Source.First, s.Source.Last = first, last
	if text == "" {
		return true
	}
	from, to, ok := strings.Cut(text, "-")
	if !ok || !readNumber(&s.Source.First, s.Block.Family, from) || !readNumber(&s.Source.Last, s.Block.Family, to) {
		return false
	}
	return bytes.Compare(s.Source.First[:], first[:]) <= 0 && bytes.Compare(s.Source.Last[:], last[:]) >= 0
}

func readNumber(out *[16]byte, f wire.Family, text string) bool {
	if f == wire.ASN {
		n, ok := decimal(strings.TrimPrefix(text, "AS"), 1<<32-1)
		*out = [16]byte{}
		binary.BigEndian.PutUint32(out[:], uint32(n))
		return ok
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" || a.Is4() != (f == wire.IPv4) {
		return false
	}
	*out = [16]byte{}
	copy(out[:], a.AsSlice())
	return true
}

func writeNumber(f wire.Family, n [16]byte) string {
	switch f {
	case wire.ASN:
		return fmt.Sprintf("AS%d", binary.BigEndian.Uint32(n[:]))
	case wire.IPv4:
		return netip.AddrFrom4([4]byte(n[:4])).String()
	}
	return netip.AddrFrom16(n).String()
}

// String is the statement in its one form.
func (s *Statement) String() string {
	x := s.Source
	if x == nil {
		return s.Block.String()
	}
	class, row, date := x.Class.String(), "", ""
	if x.Legacy {
		class += "+legacy"
	}
	if first, last := inr.Ends(s.Block); first != x.First || last != x.Last {
		row = writeNumber(s.Block.Family, x.First) + "-" + writeNumber(s.Block.Family, x.Last)
	}
	if x.Date != 0 {
		date = fmt.Sprint(x.Date)
	}
	return strings.Join([]string{s.Block.String(), x.Status, x.Country, date, class, row, x.Handle}, "|")
}

// clip shortens what a message quotes.
func clip(text string) string {
	if len(text) > 60 {
		return text[:60] + "…"
	}
	return text
}
