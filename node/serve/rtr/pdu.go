package rtr

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"ipledger/ledger/wire"
)

// Versions of the protocol: RFC 6810, RFC 8210, and RFC 8210bis, which adds
// provider authorisations.
const (
	Version0   = 0
	Version1   = 1
	Version2   = 2
	VersionMax = Version2
)

// Types of PDU (RFC 8210, Section 5.1).
const (
	typeSerialNotify  = 0
	typeSerialQuery   = 1
	typeResetQuery    = 2
	typeCacheResponse = 3
	typeIPv4          = 4
	typeIPv6          = 6
	typeEndOfData     = 7
	typeCacheReset    = 8
	typeErrorReport   = 10
	typeASPA          = 11
)

// Codes of an error report (RFC 8210, Section 12).
const (
	codeCorrupt      = 0
	codeNoData       = 2
	codeVersion      = 4
	codeType         = 5
	codeOtherVersion = 8
)

const (
	headerBytes = 8
	// pduBytesMax bounds what is read of a router: an error report may quote a PDU
	// of ours and say why; nothing else that it sends is longer than 12 bytes.
	pduBytesMax = 4096
)

// pdu is one message of a router.
type pdu struct {
	version, kind byte
	session       uint16 // or the code of an error report
	body          []byte
}

// fault is what a router is told before its connection ends.
type fault struct {
	version byte
	code    uint16
	why     string
	quoted  []byte // what was wrong, not more than its header
}

func (f *fault) Error() string { return fmt.Sprintf("rtr: error %d: %s", f.code, f.why) }

// readPDU reads one PDU.
//
// specs/27 RTR-3: A PDU that is shorter than its header or longer than 4,096 bytes
// MUST be answered by error 0, and ends the connection.
func readPDU(r io.Reader) (*pdu, error) {
	var head [headerBytes]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	p := &pdu{version: head[0], kind: head[1], session: binary.BigEndian.Uint16(head[2:])}
	size := binary.BigEndian.Uint32(head[4:])
	if size < headerBytes || size > pduBytesMax {
		return nil, &fault{min(p.version, VersionMax), codeCorrupt, fmt.Sprintf("a length of %d bytes", size), head[:]}
	}
	p.body = make([]byte, size-headerBytes)
	if _, err := io.ReadFull(r, p.body); err != nil {
		return nil, errors.Join(io.ErrUnexpectedEOF, err)
	}
	return p, nil
}

// head is the header of p, to quote.
func (p *pdu) head() []byte {
	return appendHeader(nil, p.version, p.kind, p.session, len(p.body))
}

func appendHeader(b []byte, version, kind byte, session uint16, body int) []byte {
	b = append(b, version, kind)
	b = binary.BigEndian.AppendUint16(b, session)
	return binary.BigEndian.AppendUint32(b, uint32(headerBytes+body))
}

// appendEnd adds the End of Data (RFC 8210, Section 5.8).
func appendEnd(b []byte, version byte, session uint16, serial uint32, t Timing) []byte {
	if version == Version0 {
		return appendSerial(appendHeader(b, version, typeEndOfData, session, 4), serial)
	}
	b = appendSerial(appendHeader(b, version, typeEndOfData, session, 16), serial)
	for _, d := range []uint32{t.Refresh, t.Retry, t.Expire} {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return b
}

func appendSerial(b []byte, serial uint32) []byte { return binary.BigEndian.AppendUint32(b, serial) }

const (
	withdraw = 0
	announce = 1
)

// appendRoute adds a route payload (RFC 8210, Sections 5.6 and 5.7).
func appendRoute(b []byte, version, flags byte, r route) []byte {
	kind, width := byte(typeIPv4), 4
	if r.family == wire.IPv6 {
		kind, width = typeIPv6, 16
	}
	b = appendHeader(b, version, kind, 0, 8+width)
	b = append(b, flags, r.length, r.most, 0)
	b = append(b, r.addr[:width]...)
	return binary.BigEndian.AppendUint32(b, r.as)
}

// appendASPA adds a provider authorisation (RFC 8210bis, ASPA PDU): a withdrawal
// names the customer alone.
func appendASPA(b []byte, flags byte, customer uint32, providers []uint32) []byte {
	if flags == withdraw {
		providers = nil
	}
	b = appendHeader(b, Version2, typeASPA, uint16(flags)<<8, 4+4*len(providers))
	b = binary.BigEndian.AppendUint32(b, customer)
	for _, p := range providers {
		b = binary.BigEndian.AppendUint32(b, p)
	}
	return b
}

// appendError adds an error report (RFC 8210, Section 5.11).
func appendError(b []byte, f *fault) []byte {
	b = appendHeader(b, f.version, typeErrorReport, f.code, 8+len(f.quoted)+len(f.why))
	b = binary.BigEndian.AppendUint32(b, uint32(len(f.quoted)))
	b = append(b, f.quoted...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(f.why)))
	return append(b, f.why...)
}
