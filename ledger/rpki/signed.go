package rpki

import (
	"bytes"
	"crypto/sha256"

	"golang.org/x/crypto/cryptobyte/asn1"

	"ipledger/ledger/wire"
)

// signed is the CMS of a signed object (RFC 6488), its form checked and its
// digest compared; whether its signature is its certificate's is for the path.
type signed struct {
	kind        []byte // content type, as an identifier with its header
	content     []byte
	certificate []byte
	keyID       []byte // of the signer
	attributes  []byte // as they are signed: a SET, not the tag of the context
	signedAt    uint64
	signature   []byte
}

// parseSigned reads a ContentInfo.
//
// specs/19 RPKI-11: A checklist MUST be CMS SignedData as RFC 6488, Section 2.1,
// has it: version 3, one digest algorithm, one certificate, no CRL, one signer
// named by its key identifier, no unsigned attribute.
func parseSigned(raw []byte) (*signed, *Refusal) {
	r := newReader(raw, "RPKI-11")
	s := new(signed)
	info := r.into(asn1.SEQUENCE, "the message")
	r.end("the message")
	info.exact(oidSignedData, "RPKI-11", "the message's type")
	outer := info.into(tag0, "the signed data")
	info.end("the message")
	s.fields(outer.into(asn1.SEQUENCE, "the signed data"))
	outer.end("the signed data")
	return s, r.fault.refusal
}

func (s *signed) fields(r *reader) {
	r.exact(version3, "RPKI-11", "the version")
	digests := r.into(asn1.SET, "the digest algorithms")
	digests.sha256("the digest algorithm")
	digests.end("the one digest algorithm")
	inner := r.into(asn1.SEQUENCE, "the content")
	s.kind = inner.whole(asn1.OBJECT_IDENTIFIER, "the content's type")
	octets := inner.into(tag0, "the content")
	inner.end("the content")
	s.content = octets.take(asn1.OCTET_STRING, "the content")
	octets.end("the content")
	certificates := r.into(tag0, "the certificates")
	s.certificate = certificates.whole(asn1.SEQUENCE, "the certificate")
	certificates.end("the one certificate")
	signers := r.into(asn1.SET, "the signers")
	r.end("the signed data")
	s.signer(signers.into(asn1.SEQUENCE, "the signer"))
	signers.end("the one signer")
}

// signer takes the SignerInfo.
//
// specs/19 RPKI-4: The signature algorithm of a signer is rsaEncryption or
// sha256WithRSAEncryption (RFC 7935, Section 2).
func (s *signed) signer(r *reader) {
	r.exact(version3, "RPKI-11", "the signer's version")
	s.keyID = r.take(tag0Octets, "the signer's key identifier")
	r.sha256("the signer's digest algorithm")
	attributes := r.whole(tag0, "the signed attributes")
	if r.ok() {
		s.attributes = bytes.Clone(attributes)
		s.attributes[0] = byte(asn1.SET) // RFC 5652, Section 5.4
		s.signedAttributes((&reader{rest: s.attributes, rule: "RPKI-12", fault: r.fault}).into(asn1.SET, "the signed attributes"))
	}
	algorithm := r.whole(asn1.SEQUENCE, "the signature algorithm")
	if r.ok() && !bytes.Equal(algorithm, algRSA) && !bytes.Equal(algorithm, algSHA256WithRSA) {
		r.refuse("RPKI-4", "the signature algorithm is %x, which is not RSA", head(algorithm))
	}
	s.signature = r.take(asn1.OCTET_STRING, "the signature")
	r.end("the signer")
}

// signedAttributes takes them in their DER order, which is that of their lengths.
//
// specs/19 RPKI-12: The signed attributes MUST be the content type, the signing
// time and the digest of the content, each with one value, and no other.
func (s *signed) signedAttributes(r *reader) {
	r.signedAttribute("content type", oidContentType).only(s.kind, "RPKI-12", "the content type signed")
	when := r.signedAttribute("signing time", oidSigningTime)
	s.signedAt = when.moment("the signing time")
	when.end("the signing time")
	sum := sha256.Sum256(s.content)
	r.signedAttribute("message digest", oidMessageDigest).only(appendValue(nil, asn1.OCTET_STRING, sum[:]), "RPKI-12", "the digest signed")
	r.end("the signed attributes")
}

// signedAttribute takes an attribute with one value; the reader stands before that.
func (r *reader) signedAttribute(name string, oid []byte) *reader {
	in := r.into(asn1.SEQUENCE, "the attribute "+name)
	in.exact(oid, "RPKI-12", "the attribute "+name)
	value := in.into(asn1.SET, "the attribute "+name)
	in.end("the attribute " + name)
	return value
}

func (s *signed) digest() wire.Hash { return sha256.Sum256(s.content) }
