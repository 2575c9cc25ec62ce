package rpki

import (
	"bytes"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// reader takes the DER values of an object one after another. What is no DER
// breaks RPKI-3; a value that is not the one the object's form wants breaks the
// form's own rule. After the first fault it takes nothing more.
type reader struct {
	rest  cryptobyte.String
	rule  string
	fault *fault
}

// fault is the first thing wrong; all readers of one object share it.
type fault struct{ refusal *Refusal }

func newReader(raw []byte, rule string) *reader {
	return &reader{rest: raw, rule: rule, fault: new(fault)}
}

// refuse keeps the first fault.
func (r *reader) refuse(rule, format string, args ...any) {
	if r.fault.refusal == nil {
		r.fault.refusal = refuse(rule, format, args...)
	}
	r.rest = nil
}

func (r *reader) ok() bool { return r.fault.refusal == nil }

// more reports whether another value stands in what is being read.
func (r *reader) more() bool { return r.ok() && len(r.rest) > 0 }

// peek reports whether the next value has a tag.
func (r *reader) peek(tag asn1.Tag) bool { return r.more() && r.rest.PeekASN1Tag(tag) }

// value takes the next value, its header included, and gives its content too.
//
// specs/19 RPKI-3: Every byte of an object MUST be DER.
func (r *reader) value(what string) (tag asn1.Tag, content, whole []byte) {
	if !r.ok() {
		return 0, nil, nil
	}
	before, body := r.rest, cryptobyte.String(nil)
	if len(before) == 0 {
		r.refuse(r.rule, "%s is missing", what)
		return 0, nil, nil
	}
	if !r.rest.ReadAnyASN1(&body, &tag) {
		r.refuse("RPKI-3", "%s is not DER", what)
		return 0, nil, nil
	}
	return tag, body, before[:len(before)-len(r.rest)]
}

// take takes the next value, which has the tag given, and gives its content.
func (r *reader) take(tag asn1.Tag, what string) []byte {
	content, _ := r.both(tag, what)
	return content
}

// whole is take with the value's header.
func (r *reader) whole(tag asn1.Tag, what string) []byte {
	_, whole := r.both(tag, what)
	return whole
}

func (r *reader) both(want asn1.Tag, what string) (content, whole []byte) {
	tag, content, whole := r.value(what)
	if r.ok() && tag != want {
		r.refuse(r.rule, "%s has tag 0x%02x, not 0x%02x", what, byte(tag), byte(want))
	}
	if !r.ok() {
		return nil, nil
	}
	return content, whole
}

// into reads inside the next value, which has the tag given.
func (r *reader) into(tag asn1.Tag, what string) *reader {
	return &reader{rest: r.take(tag, what), rule: r.rule, fault: r.fault}
}

// exact takes the next value, whose bytes are those given, header included.
func (r *reader) exact(want []byte, rule, what string) {
	_, _, whole := r.value(what)
	if r.ok() && !bytes.Equal(whole, want) {
		r.refuse(rule, "%s is %x, not %x", what, head(whole), head(want))
	}
}

// only takes one value with the bytes given and nothing behind it.
func (r *reader) only(want []byte, rule, what string) {
	r.exact(want, rule, what)
	r.end(what)
}

// sha256 takes the identifier of SHA-256, in either spelling that RFC 5754,
// Section 2, has every reader accept.
func (r *reader) sha256(what string) {
	_, _, whole := r.value(what)
	if r.ok() && !bytes.Equal(whole, algSHA256) && !bytes.Equal(whole, algSHA256Null) {
		r.refuse("RPKI-4", "%s is %x, not SHA-256", what, head(whole))
	}
}

// headBytesMax is how much of a wrong value a refusal shows: an identifier fits.
const headBytesMax = 32

func head(raw []byte) []byte { return raw[:min(len(raw), headBytesMax)] }

// end refuses whatever stands behind the last value.
func (r *reader) end(what string) {
	if r.more() {
		r.refuse(r.rule, "%d bytes stand behind the end of %s", len(r.rest), what)
	}
}

// natural takes an INTEGER that is not negative, as its content's bytes.
func (r *reader) natural(what string) []byte {
	body := r.take(asn1.INTEGER, what)
	switch {
	case !r.ok():
		return nil
	case len(body) == 0, len(body) > 1 && body[0] == 0 && body[1] < 0x80, len(body) > 1 && body[0] == 0xff && body[1] >= 0x80:
		r.refuse("RPKI-3", "%s is not an integer in its shortest form", what)
		return nil
	case body[0] >= 0x80:
		r.refuse(r.rule, "%s is negative", what)
		return nil
	}
	return body
}

// bits takes a BIT STRING: its bytes, and how many bits of the last are unused.
func (r *reader) bits(what string) (content []byte, unused int) {
	body := r.take(asn1.BIT_STRING, what)
	if !r.ok() {
		return nil, 0
	}
	if len(body) == 0 || body[0] > 7 || body[0] > 0 && (len(body) == 1 || body[len(body)-1]&(1<<body[0]-1) != 0) {
		r.refuse("RPKI-3", "%s is not a bit string with its unused bits zero", what)
		return nil, 0
	}
	return body[1:], int(body[0])
}
