package rib

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// Bounds of a binary table.
const (
	DumpBytesMax = 16 << 30 // a collector with a thousand peers writes some 5 GB
	// RecordBytesMax bounds one record: a prefix as ten thousand peers have it, with
	// more attributes than is usual.
	RecordBytesMax = 16 << 20
)

// The header of a record, and what is read of it (RFC 6396, Sections 2 and 4;
// RFC 8050, Section 4).
const (
	recordHeader = 12
	kindTable    = 13 // TABLE_DUMP_V2

	tableIPv4     = 2
	tableIPv6     = 4
	tableIPv4Path = 8 // each entry with a path identifier
	tableIPv6Path = 10
)

// isDump reports whether a table is binary: the type of its first record is less
// than 256, so its fifth byte is NUL, and a text has none.
func isDump(head []byte) bool { return len(head) > 4 && head[4] == 0 }

// readDump reads a binary table to its end.
//
// specs/31 DRIFT-14: ... A record of another type, one of more than 16 MiB, or one
// that the file ends in MUST refuse the table.
func readDump(in io.Reader) (*Table, error) {
	b := builder{limit: 2 * chunk}
	var head [recordHeader]byte
	var body []byte
	for total := int64(0); ; {
		if _, err := io.ReadFull(in, head[:]); errors.Is(err, io.EOF) {
			return b.table()
		} else if err != nil {
			return nil, cut(err)
		}
		kind, size := binary.BigEndian.Uint16(head[4:]), binary.BigEndian.Uint32(head[8:])
		if kind != kindTable {
			return nil, fmt.Errorf("%w: a record of type %d; of binary tables TABLE_DUMP_V2 (13) is read, others as `bgpdump -m` writes them (DRIFT-14)", ErrTable, kind)
		}
		if total += recordHeader + int64(size); size > RecordBytesMax || total > DumpBytesMax {
			return nil, fmt.Errorf("%w: a record of %d bytes, of all %d; at most %d and %d (DRIFT-14)", ErrTable, size, total, RecordBytesMax, int64(DumpBytesMax))
		}
		if body = grown(body, int(size)); len(body) > 0 {
			if _, err := io.ReadFull(in, body); err != nil {
				return nil, cut(err)
			}
		}
		b.record(binary.BigEndian.Uint16(head[6:]), body)
		if err := b.compact(); err != nil {
			return nil, err
		}
	}
}

// grown is a buffer of a size, the same if it is large enough.
func grown(b []byte, size int) []byte {
	if cap(b) < size {
		return make([]byte, size)
	}
	return b[:size]
}

// cut is the end of a file in the midst of a record, or the reader's error.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends inside a record (DRIFT-14)", ErrTable)
	}
	return err
}

// record counts a record of TABLE_DUMP_V2, and takes its routes.
//
// specs/31 DRIFT-14: ... Each entry of a record of unicast routes counts as a line,
// any other record as one comment ...
func (b *builder) record(kind uint16, body []byte) {
	switch kind {
	case tableIPv4, tableIPv4Path:
		b.entries(wire.IPv4, kind == tableIPv4Path, body)
	case tableIPv6, tableIPv6Path:
		b.entries(wire.IPv6, kind == tableIPv6Path, body)
	default:
		b.Lines++
		b.Comments++
	}
}

var errShort = errors.New("it ends too early")

// entries takes a record of one prefix: a sequence number, the prefix, and how each
// peer has it (RFC 6396, Section 4.3.2).
func (b *builder) entries(family wire.Family, paths bool, body []byte) {
	d := dump{body}
	d.skip(4)
	at, bad := d.prefix(family)
	count := int(d.number(2))
	before := len(b.Routes)
	for i := 0; i < count && d.rest != nil; i++ {
		b.Lines++
		d.skip(6) // the peer and the time
		if paths {
			d.skip(4)
		}
		attributes := d.take(int(d.number(2)))
		if d.rest == nil {
			b.unread(errShort.Error())
			return
		}
		b.entry(at, bad, attributes, before)
	}
	if len(d.rest) > 0 || d.rest == nil || count == 0 {
		b.Lines++
		b.unread("a record of one prefix that is out of form")
	}
}

// entry takes how one peer has a prefix.
func (b *builder) entry(at wire.Resource, bad error, attributes []byte, before int) {
	origin, err := originOf(attributes)
	if err = errors.Join(bad, err); err != nil {
		b.unread(err.Error())
		return
	}
	b.Read++
	// Most peers of a prefix have the same origin: no need to hold each.
	const looked = 16
	for _, r := range b.Routes[max(before, len(b.Routes)-looked):] {
		if r.Origin == origin {
			return
		}
	}
	b.Routes = append(b.Routes, Route{at, origin})
}

// dump is what is left of some bytes; nil once more was taken than there was.
type dump struct{ rest []byte }

func (d *dump) take(n int) []byte {
	if n > len(d.rest) {
		d.rest = nil
	}
	if d.rest == nil {
		return nil
	}
	out := d.rest[:n]
	d.rest = d.rest[n:]
	return out
}

func (d *dump) skip(n int) { d.take(n) }

// number is n bytes, the most significant first; 0 where there are fewer.
func (d *dump) number(n int) (out uint32) {
	for _, c := range d.take(n) {
		out = out<<8 | uint32(c)
	}
	return out
}

// prefix is a length in bits and as many bytes as these need; the bits beyond are
// of no account (RFC 6396, Section 4.3.2).
func (d *dump) prefix(family wire.Family) (wire.Resource, error) {
	bits := int(d.number(1))
	var addr [16]byte
	width := 16
	if family == wire.IPv4 {
		width = 4
	}
	copy(addr[:width], d.take((bits+7)/8))
	ip, _ := netip.AddrFromSlice(addr[:width])
	p, err := ip.Prefix(bits)
	switch {
	case err != nil:
		return wire.Resource{}, fmt.Errorf("a prefix of %d bits", bits)
	case ip.Is4In6():
		return wire.Resource{}, fmt.Errorf("%v is IPv4-mapped", p)
	}
	return inr.FromPrefix(p), nil
}
