package rpki

import (
	"bytes"

	"golang.org/x/crypto/cryptobyte/asn1"
)

// RevokedMax bounds the entries of a CRL: what the bytes allow, the smallest
// entry having 20.
const RevokedMax = EvidenceBytesMax / 20

// crl is a certificate revocation list of RFC 6487, Section 5, whose form has
// been checked, and nothing else.
type crl struct {
	tbs, signature         []byte
	issuer                 []byte
	thisUpdate, nextUpdate uint64
	revoked                map[string]bool // serial numbers; only ever asked, never listed
	issuerKeyID            []byte
}

// parseCRL reads a CRL.
//
// specs/19 RPKI-10: A CRL MUST have the fields of RFC 6487, Section 5, a next
// update, the two extensions there named, and no extension of an entry.
func parseCRL(raw []byte) (*crl, *Refusal) {
	r := newReader(raw, "RPKI-10")
	l := &crl{revoked: map[string]bool{}}
	body, signature := r.signedObject("the CRL")
	l.tbs, l.signature = body.rest, signature
	l.fields(body.into(asn1.SEQUENCE, "the list"))
	return l, r.fault.refusal
}

func (l *crl) fields(r *reader) {
	r.exact(version1, "RPKI-10", "the version")
	r.exact(algSHA256WithRSA, "RPKI-4", "the signature algorithm")
	l.issuer = r.name("the issuer's name")
	l.thisUpdate, l.nextUpdate = r.moment("this update"), r.moment("the next update")
	if r.peek(asn1.SEQUENCE) {
		l.entries(r.into(asn1.SEQUENCE, "the entries"))
	}
	outer := r.into(tag0, "the extensions")
	r.end("the list")
	list := outer.into(asn1.SEQUENCE, "the extensions")
	outer.end("the extensions")
	l.extensions(list)
	if r.ok() && l.nextUpdate < l.thisUpdate {
		r.refuse("RPKI-10", "the next update comes before this one")
	}
}

func (l *crl) entries(r *reader) {
	for n := 0; n == 0 || r.more(); n++ {
		in := r.into(asn1.SEQUENCE, "an entry")
		l.revoked[in.serial()] = true
		in.moment("the moment of a revocation")
		in.end("an entry")
		if n == RevokedMax {
			r.refuse("RPKI-10", "there are more than %d entries", RevokedMax)
		}
	}
}

// extensions takes the authority key identifier and the CRL number, each once
// and not critical, in either order.
func (l *crl) extensions(r *reader) {
	number := false
	for range 2 {
		in := r.into(asn1.SEQUENCE, "an extension")
		oid := in.whole(asn1.OBJECT_IDENTIFIER, "an extension's identifier")
		value := in.into(asn1.OCTET_STRING, "an extension")
		in.end("an extension")
		switch {
		case !r.ok():
			return
		case l.issuerKeyID == nil && bytes.Equal(oid, oidAKI):
			l.issuerKeyID = value.authorityKeyID()
		case !number && bytes.Equal(oid, oidCRLNumber):
			number = true
			value.crlNumber()
		default:
			r.refuse("RPKI-10", "the extension %x is none of those a CRL has, or stands twice", head(oid))
		}
		value.end("an extension")
	}
	r.end("the extensions")
}

// crlNumber: RFC 5280, Section 5.2.3, at most 20 bytes.
func (r *reader) crlNumber() {
	if n := r.natural("the CRL number"); len(n) > serialBytesMax {
		r.refuse("RPKI-10", "the CRL number has %d bytes, more than %d", len(n), serialBytesMax)
	}
}
