package rpki

import (
	"bytes"

	"golang.org/x/crypto/cryptobyte/asn1"
)

// Bounds on what says where objects are published. Nothing is fetched by it.
const (
	uriBytesMax = 1024 // longer than any path that repositories use
	urisMax     = 8    // of one extension: two transports of three things and room
)

// uri takes a uniform resource identifier behind a tag.
func (r *reader) uri(tag asn1.Tag, what string) []byte {
	text := r.take(tag, what)
	if r.ok() && (len(text) == 0 || len(text) > uriBytesMax) {
		r.refuse("RPKI-8", "%s has a URI of %d bytes, not 1 to %d", what, len(text), uriBytesMax)
	}
	for _, c := range text {
		if c <= ' ' || c > '~' {
			r.refuse("RPKI-8", "%s has a URI with the byte 0x%02x", what, c)
			return nil
		}
	}
	return text
}

func rsync(uri []byte) bool { return bytes.HasPrefix(uri, []byte("rsync://")) }

// access takes a list of access descriptions; it gives how many of each method
// there are with an rsync URI, and refuses a method that is not among those.
func (r *reader) access(what string, methods ...[]byte) (byRsync []int) {
	byRsync = make([]int, len(methods))
	list := r.into(asn1.SEQUENCE, what)
	for n := 0; n == 0 || list.more(); n++ {
		in := list.into(asn1.SEQUENCE, what)
		oid := in.whole(asn1.OBJECT_IDENTIFIER, what)
		uri := in.uri(tag6Octets, what)
		in.end(what)
		i := 0
		for i < len(methods) && !bytes.Equal(methods[i], oid) {
			i++
		}
		if in.ok() && (i == len(methods) || n == urisMax) {
			in.refuse("RPKI-8", "%s has the method %x, or more than %d", what, head(oid), urisMax)
		}
		if in.ok() && rsync(uri) {
			byRsync[i]++
		}
	}
	return byRsync
}

// readIssuerAccess: RFC 6487, Section 4.8.7.
func (c *certificate) readIssuerAccess(r *reader, _ kind) {
	const what = "the authority information access"
	if n := r.access(what, oidCAIssuers); r.ok() && n[0] == 0 {
		r.refuse("RPKI-8", "%s has no rsync URI", what)
	}
}

// readSubjectAccess: RFC 6487, Section 4.8.8.1, and RFC 8182, Section 3.2.
func (c *certificate) readSubjectAccess(r *reader, _ kind) {
	const what = "the subject information access"
	if n := r.access(what, oidCARepository, oidManifest, oidNotify); r.ok() && (n[0] == 0 || n[1] == 0) {
		r.refuse("RPKI-8", "%s has no rsync URI of the repository or the manifest", what)
	}
}

// readCRLPoint: RFC 6487, Section 4.8.6, one point, named by URIs alone.
func (c *certificate) readCRLPoint(r *reader, _ kind) {
	const what = "the CRL distribution point"
	list := r.into(asn1.SEQUENCE, what)
	point := list.into(asn1.SEQUENCE, what)
	list.end(what)
	name := point.into(tag0, what)
	point.end(what)
	full := name.into(tag0, what)
	name.end(what)
	found := false
	for n := 0; n == 0 || full.more(); n++ {
		found = rsync(full.uri(tag6Octets, what)) || found
		if n == urisMax {
			full.refuse("RPKI-8", "%s has more than %d URIs", what, urisMax)
		}
	}
	if r.ok() && !found {
		r.refuse("RPKI-8", "%s has no rsync URI", what)
	}
}

// readPolicies: RFC 6487, Section 4.8.9: the one policy, with at most one
// pointer to a practice statement (RFC 7318, Section 2).
func (c *certificate) readPolicies(r *reader, _ kind) {
	const what = "the certificate policy"
	list := r.into(asn1.SEQUENCE, what)
	policy := list.into(asn1.SEQUENCE, what)
	list.end(what)
	policy.exact(oidPolicy, "RPKI-8", what)
	if !policy.more() {
		return
	}
	qualifiers := policy.into(asn1.SEQUENCE, what)
	policy.end(what)
	in := qualifiers.into(asn1.SEQUENCE, what)
	qualifiers.end(what)
	in.exact(oidCPS, "RPKI-8", what)
	in.uri(asn1.IA5String, what)
	in.end(what)
}
