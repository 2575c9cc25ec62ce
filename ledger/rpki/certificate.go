package rpki

import (
	"bytes"

	"golang.org/x/crypto/cryptobyte/asn1"
)

// kind is the part that a certificate plays.
type kind uint8

const (
	anchor    kind = 1 // the self-signed certificate of a trust anchor
	authority kind = 2 // a CA below it
	entity    kind = 4 // the end entity that signed the checklist
)

// serialBytesMax bounds a serial number: RFC 5280, Section 4.1.2.2.
const serialBytesMax = 20

// certificate is a resource certificate of RFC 6487 whose form has been checked,
// and nothing else.
type certificate struct {
	tbs, signature      []byte
	serial              string
	issuer, subject     []byte
	notBefore, notAfter uint64
	key                 key
	keyID, issuerKeyID  []byte // issuerKeyID is nil where a trust anchor leaves it out
	claim               claim
}

// parseCertificate reads a certificate of a kind.
//
// specs/19 RPKI-7: A certificate MUST have the fields of RFC 6487, Section 4.
func parseCertificate(raw []byte, k kind) (*certificate, *Refusal) {
	r := newReader(raw, "RPKI-7")
	c := new(certificate)
	body, signature := r.signedObject("the certificate")
	c.tbs, c.signature = body.rest, signature
	c.fields(body.into(asn1.SEQUENCE, "what is certified"), k)
	return c, r.fault.refusal
}

// signedObject takes the frame that certificates and CRLs share: what is signed,
// the algorithm, the signature. The reader it gives stands before what is signed.
func (r *reader) signedObject(what string) (body *reader, signature []byte) {
	outer := r.into(asn1.SEQUENCE, what)
	r.end(what)
	body = &reader{rest: outer.whole(asn1.SEQUENCE, what), rule: r.rule, fault: r.fault}
	outer.exact(algSHA256WithRSA, "RPKI-4", "the signature algorithm")
	signature, unused := outer.bits("the signature")
	if outer.ok() && (unused != 0 || len(signature) != modulusBytes) {
		outer.refuse("RPKI-6", "the signature has %d bytes and %d unused bits, not %d bytes", len(signature), unused, modulusBytes)
	}
	outer.end(what)
	return body, signature
}

func (c *certificate) fields(r *reader, k kind) {
	r.into(tag0, "the version").only(version2, "RPKI-7", "the version")
	c.serial = r.serial()
	r.exact(algSHA256WithRSA, "RPKI-4", "the signature algorithm")
	c.issuer = r.name("the issuer's name")
	validity := r.into(asn1.SEQUENCE, "the validity")
	c.notBefore, c.notAfter = validity.moment("the start of validity"), validity.moment("the end of validity")
	validity.end("the validity")
	c.subject = r.name("the subject's name")
	c.key = r.key()
	c.extensions(r.into(tag3, "the extensions"), k)
	r.end("what is certified")
	if r.ok() && c.notAfter < c.notBefore {
		r.refuse("RPKI-7", "validity ends before it starts")
	}
}

// serial takes a serial number, which is positive.
func (r *reader) serial() string {
	serial := r.natural("the serial number")
	if r.ok() && (len(serial) > serialBytesMax || bytes.Equal(serial, []byte{0})) {
		r.refuse(r.rule, "the serial number %x is zero or has more than %d bytes", head(serial), serialBytesMax)
	}
	return string(serial)
}
