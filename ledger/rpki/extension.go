package rpki

import (
	"bytes"

	"golang.org/x/crypto/cryptobyte/asn1"
)

// extension is one that a certificate may have: RFC 6487, Section 4.8.
type extension struct {
	name     string
	oid      []byte
	critical bool
	must     kind // kinds that must have it
	may      kind // kinds that may have it
	read     func(c *certificate, r *reader, k kind)
}

const every = anchor | authority | entity

// extensionsKnown is every extension there may be; no other is read over.
//
// specs/19 RPKI-8: A certificate MUST have the extensions of its kind, each once,
// critical as the table says, and no other.
var extensionsKnown = [...]extension{
	{"basic constraints", unhex("0603551d13"), true, anchor | authority, anchor | authority, (*certificate).readConstraints},
	{"subject key identifier", unhex("0603551d0e"), false, every, every, (*certificate).readKeyID},
	{"authority key identifier", oidAKI, false, authority | entity, every, (*certificate).readIssuerKeyID},
	{"key usage", unhex("0603551d0f"), true, every, every, (*certificate).readUsage},
	{"CRL distribution points", unhex("0603551d1f"), false, authority | entity, authority | entity, (*certificate).readCRLPoint},
	{"authority information access", unhex("06082b06010505070101"), false, authority | entity, authority | entity, (*certificate).readIssuerAccess},
	{"subject information access", unhex("06082b0601050507010b"), false, anchor | authority, anchor | authority, (*certificate).readSubjectAccess},
	{"certificate policies", unhex("0603551d20"), true, every, every, (*certificate).readPolicies},
	{"IP address blocks", unhex("06082b06010505070107"), true, 0, every, (*certificate).readAddresses},
	{"AS identifiers", unhex("06082b06010505070108"), true, 0, every, (*certificate).readNumbers},
}

// extensions takes the extensions, in whatever order they stand.
func (c *certificate) extensions(r *reader, k kind) {
	list := r.into(asn1.SEQUENCE, "the extensions")
	r.end("the extensions")
	list.rule = "RPKI-8"
	var seen [len(extensionsKnown)]bool
	for first := true; first || list.more(); first = false {
		c.extension(list.into(asn1.SEQUENCE, "an extension"), k, &seen)
	}
	for i, e := range extensionsKnown {
		if e.must&k != 0 && !seen[i] {
			list.refuse("RPKI-8", "the extension %s is missing", e.name)
		}
	}
	if list.ok() && c.claim.empty(0) && c.claim.empty(1) && c.claim.empty(2) {
		list.refuse("RPKI-8", "there is neither an extension of addresses nor one of AS numbers")
	}
}

func (c *certificate) extension(r *reader, k kind, seen *[len(extensionsKnown)]bool) {
	oid := r.whole(asn1.OBJECT_IDENTIFIER, "an extension's identifier")
	if !r.ok() {
		return
	}
	for i := range extensionsKnown {
		e := &extensionsKnown[i]
		if !bytes.Equal(e.oid, oid) {
			continue
		}
		if seen[i] || e.may&k == 0 {
			r.refuse("RPKI-8", "the extension %s stands twice or in a certificate that must not have it", e.name)
			return
		}
		seen[i] = true
		in := r.content(e)
		e.read(c, in, k)
		in.end("the extension " + e.name)
		return
	}
	r.refuse("RPKI-8", "the extension %x is none of those a resource certificate has", head(oid))
}

// content takes the flag and the value of an extension; the reader it gives
// stands before what the value holds.
func (r *reader) content(e *extension) *reader {
	critical := r.peek(asn1.BOOLEAN)
	if critical {
		r.exact(derTrue, "RPKI-3", "the flag of the extension "+e.name)
	}
	if r.ok() && critical != e.critical {
		r.refuse("RPKI-8", "the extension %s has critical %v", e.name, critical)
	}
	in := r.into(asn1.OCTET_STRING, "the extension "+e.name)
	r.end("the extension " + e.name)
	return in
}

func (c *certificate) readConstraints(r *reader, _ kind) {
	r.exact(unhex("30030101ff"), "RPKI-8", "basic constraints") // a CA, its path not bounded
}

// readUsage: RFC 6487, Section 4.8.4.
func (c *certificate) readUsage(r *reader, k kind) {
	want := unhex("03020106") // keyCertSign and cRLSign
	if k == entity {
		want = unhex("03020780") // digitalSignature
	}
	r.exact(want, "RPKI-8", "the key usage")
}

func (c *certificate) readKeyID(r *reader, _ kind) {
	if r.ok() {
		c.keyID = c.key.name()
		r.exact(appendValue(nil, asn1.OCTET_STRING, c.keyID), "RPKI-8", "the subject key identifier")
	}
}

// readIssuerKeyID: RFC 6487, Section 4.8.3, the key identifier alone.
func (c *certificate) readIssuerKeyID(r *reader, _ kind) { c.issuerKeyID = r.authorityKeyID() }

func (r *reader) authorityKeyID() []byte {
	const what = "the authority key identifier"
	in := r.into(asn1.SEQUENCE, what)
	id := in.take(tag0Octets, what)
	in.end(what)
	if in.ok() && len(id) != keyNameBytes {
		in.refuse(r.rule, "%s has %d bytes, not %d", what, len(id), keyNameBytes)
	}
	return id
}

func (c *certificate) readAddresses(r *reader, k kind) { r.addresses(&c.claim, bounds(k)) }

func (c *certificate) readNumbers(r *reader, k kind) { r.numbers(&c.claim, bounds(k)) }

// bounds: a CA below a trust anchor may inherit; a trust anchor has no issuer,
// and RFC 9323, Section 4.2, refuses it to the certificate of a checklist.
func bounds(k kind) who { return who{inherit: k == authority, limit: SpansMax} }
