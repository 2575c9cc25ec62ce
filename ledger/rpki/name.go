package rpki

import (
	"bytes"

	"golang.org/x/crypto/cryptobyte/asn1"
)

// nameBytesMax bounds a name; the longest in use are hashes written out, twice.
const nameBytesMax = 1024

// name takes a distinguished name whole: one common name and at most one serial
// number, each a PrintableString, each its own set or both in one.
//
// specs/19 RPKI-7: RFC 6487, Section 4.4 and 4.5.
func (r *reader) name(what string) []byte {
	raw := r.whole(asn1.SEQUENCE, what)
	in := &reader{rest: raw, rule: r.rule, fault: r.fault}
	if len(raw) > nameBytesMax {
		r.refuse(r.rule, "%s has %d bytes, at most %d are read", what, len(raw), nameBytesMax)
		return nil
	}
	names := in.into(asn1.SEQUENCE, what)
	common, serial := 0, 0
	for names.more() {
		set := names.into(asn1.SET, what)
		var last []byte
		for first := true; first || set.more(); first = false {
			last = set.attribute(last, what, &common, &serial)
		}
	}
	if r.ok() && (common != 1 || serial > 1) {
		r.refuse(r.rule, "%s has %d common names and %d serial numbers", what, common, serial)
	}
	return raw
}

// attribute takes one attribute of a set, which stands after the last in order.
func (r *reader) attribute(last []byte, what string, common, serial *int) []byte {
	raw := r.whole(asn1.SEQUENCE, what)
	in := (&reader{rest: raw, rule: r.rule, fault: r.fault}).into(asn1.SEQUENCE, what)
	kind := in.whole(asn1.OBJECT_IDENTIFIER, what)
	text := in.take(tagPrintable, what)
	in.end(what)
	switch {
	case !r.ok():
	case bytes.Compare(last, raw) >= 0:
		r.refuse("RPKI-3", "%s has a set out of order", what)
	case len(text) == 0 || !printable(text):
		r.refuse(r.rule, "%s has the text %q, not a PrintableString", what, head(text))
	case bytes.Equal(kind, oidCommonName):
		*common++
	case bytes.Equal(kind, oidSerialNumber):
		*serial++
	default:
		r.refuse(r.rule, "%s has an attribute %x", what, head(kind))
	}
	return raw
}

// printable reports whether text has only the characters of a PrintableString.
func printable(text []byte) bool {
	for _, c := range text {
		if !letterOrDigit(c) && bytes.IndexByte([]byte(" '()+,-./:=?"), c) < 0 {
			return false
		}
	}
	return true
}

func letterOrDigit(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
