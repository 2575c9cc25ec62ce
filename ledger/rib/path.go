package rib

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The attribute that is read of an entry, and its parts (RFC 4271, Section 4.3).
const (
	attributePath = 2
	flagLong      = 0x10 // its length has two bytes

	segmentSet      = 1
	segmentSequence = 2
	asBytes         = 4 // in TABLE_DUMP_V2 always (RFC 6396, Section 4.3.4)
)

var errNoPath = errors.New("it has no path that ends in an AS")

// originOf is the AS that originates a route, by its attributes.
//
// specs/31 DRIFT-14: The origin is that of RFC 6811, Section 2: the last AS of a path
// whose last segment is a sequence, NONE where it is a set; an entry without a path,
// with an empty one, or with one that ends in a confederation has none.
func originOf(attributes []byte) (uint32, error) {
	path, err := pathOf(attributes)
	if err != nil {
		return 0, err
	}
	d := dump{path}
	var kind uint32
	var last []byte
	for len(d.rest) > 0 {
		kind = d.number(1)
		last = d.take(asBytes * int(d.number(1)))
	}
	switch {
	case d.rest == nil || len(last) == 0 || kind != segmentSet && kind != segmentSequence:
		return 0, errNoPath
	case kind == segmentSet:
		return NONE, nil
	}
	origin := binary.BigEndian.Uint32(last[len(last)-asBytes:])
	if origin == 0 {
		return 0, errors.New("AS 0 originates nothing")
	}
	return origin, nil
}

// pathOf is the first AS_PATH of some attributes.
func pathOf(attributes []byte) (path []byte, err error) {
	for d := (dump{attributes}); len(d.rest) > 0; {
		flags, kind, width := d.number(1), d.number(1), 1
		if flags&flagLong != 0 {
			width = 2
		}
		value := d.take(int(d.number(width)))
		if d.rest == nil {
			return nil, fmt.Errorf("attribute %d ends too early", kind)
		}
		if kind == attributePath {
			return value, nil
		}
	}
	return nil, errNoPath
}
