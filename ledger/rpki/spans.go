package rpki

import (
	"bytes"

	"golang.org/x/crypto/cryptobyte/asn1"

	"ipledger/ledger/wire"
)

// Bounds on the spans of one certificate or checklist, of all families.
const (
	SpansMax          = EvidenceBytesMax / 4 // what the bytes allow: the smallest span has 4
	ChecklistSpansMax = 1024                 // a statement names one block; a checklist for hundreds is still read
)

// spans takes a list of spans of one family in canonical form, each read by
// take, into c, which then has at most limit spans in all.
//
// specs/19 RPKI-9: Spans MUST be ascending, apart, never end to end, each in its
// shortest form; a certificate has at most 16,384 and a checklist 1,024.
func (r *reader) spans(c *claim, family wire.Family, limit int, what string) {
	list := r.into(asn1.SEQUENCE, what)
	for left, first := limit-c.set.count(), true; first || list.more(); first = false {
		if left--; left < 0 {
			list.refuse("RPKI-9", "%s is beyond the bound of %d ranges", what, limit)
		}
		list.span(c, family, what)
	}
}

// span takes one span: a prefix or number alone, or a range with two ends.
func (r *reader) span(c *claim, family wire.Family, what string) {
	tag, content, whole := r.value(what)
	if !r.ok() {
		return
	}
	in := &reader{rest: content, rule: r.rule, fault: r.fault}
	var sp span
	if tag == asn1.SEQUENCE {
		sp.first, _ = in.number(family, what)
		_, sp.last = in.number(family, what)
		in.end(what)
	} else {
		in.rest = whole
		sp.first, sp.last = in.number(family, what)
	}
	if !r.ok() {
		return
	}
	if bytes.Compare(sp.first[:], sp.last[:]) > 0 || !bytes.Equal(appendSpan(nil, family, sp), whole) {
		r.refuse("RPKI-9", "%s has the range %x, which is not in its one form", what, head(whole))
		return
	}
	have := c.set.spans[family]
	if len(have) > 0 && !apart(have[len(have)-1], sp, family) {
		r.refuse("RPKI-9", "%s has the range %x, which does not stand apart from the one before it", what, head(whole))
		return
	}
	c.set.spans[family] = append(have, sp)
}

// number takes a prefix or an AS number, as the first and last number it stands for.
func (r *reader) number(family wire.Family, what string) (first, last [16]byte) {
	if family == wire.ASN {
		digits := bytes.TrimLeft(r.natural(what), "\x00")
		if len(digits) > 4 {
			r.refuse("RPKI-9", "%s has an AS number of more than 32 bits", what)
			return first, last
		}
		copy(first[4-len(digits):], digits)
		return first, first
	}
	content, unused := r.bits(what)
	length := 8*len(content) - unused
	if length > family.Bits() {
		r.refuse("RPKI-9", "%s has a prefix of %d bits", what, length)
		return first, last
	}
	copy(first[:], content)
	last = first
	for i := length; i < family.Bits(); i++ {
		last[i/8] |= 1 << (7 - i%8)
	}
	return first, last
}

// apart reports whether b begins beyond the number after a's last.
func apart(a, b span, family wire.Family) bool {
	after := a.last
	for i := family.Bits()/8 - 1; i >= 0; i-- {
		if after[i]++; after[i] != 0 {
			return bytes.Compare(b.first[:], after[:]) > 0
		}
	}
	return false // a ends with the family
}

func (s Resources) count() (n int) {
	for _, spans := range s.spans {
		n += len(spans)
	}
	return n
}

// appendSpan writes the one form of a span: RFC 3779, Sections 2.2.3.7 to
// 2.2.3.9 and 3.2.3.6 to 3.2.3.8.
func appendSpan(dst []byte, family wire.Family, sp span) []byte {
	if family == wire.ASN {
		first := appendNumber(nil, sp.first)
		if sp.first == sp.last {
			return append(dst, first...)
		}
		return appendValue(dst, asn1.SEQUENCE, appendNumber(first, sp.last))
	}
	width := family.Bits()
	low, high := width-trailing(sp.first, width, 0), width-trailing(sp.last, width, 1)
	if n := max(low, high); trailingFrom(sp, n, width) {
		return appendBits(dst, sp.first, n)
	}
	return appendValue(dst, asn1.SEQUENCE, appendBits(appendBits(nil, sp.first, low), sp.last, high))
}

// trailingFrom reports whether a span is the prefix of its first n bits.
func trailingFrom(sp span, n, width int) bool {
	for i := range n {
		if bit(sp.first, i) != bit(sp.last, i) {
			return false
		}
	}
	for i := n; i < width; i++ {
		if bit(sp.first, i) != 0 || bit(sp.last, i) != 1 {
			return false
		}
	}
	return true
}

func bit(n [16]byte, i int) byte { return n[i/8] >> (7 - i%8) & 1 }

// trailing is how many bits at the end of a number of width bits have a value.
func trailing(n [16]byte, width int, value byte) (count int) {
	for count < width && bit(n, width-1-count) == value {
		count++
	}
	return count
}

// appendBits writes the first n bits of a number as a BIT STRING.
func appendBits(dst []byte, number [16]byte, n int) []byte {
	size := (n + 7) / 8
	content := append([]byte{byte(8*size - n)}, number[:size]...)
	if n%8 != 0 {
		content[size] &= 0xff << (8 - n%8)
	}
	return appendValue(dst, asn1.BIT_STRING, content)
}

// appendNumber writes an AS number as an INTEGER.
func appendNumber(dst []byte, number [16]byte) []byte {
	content := bytes.TrimLeft(number[:4], "\x00")
	if len(content) == 0 || content[0] >= 0x80 {
		content = append([]byte{0}, content...)
	}
	return appendValue(dst, asn1.INTEGER, content)
}

// appendValue writes a value of fewer than 128 bytes.
func appendValue(dst []byte, tag asn1.Tag, content []byte) []byte {
	return append(append(dst, byte(tag), byte(len(content))), content...)
}
