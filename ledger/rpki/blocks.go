package rpki

import (
	"encoding/binary"

	"golang.org/x/crypto/cryptobyte/asn1"

	"ipledger/ledger/wire"
)

// who is what may be said of resources in a place.
type who struct {
	inherit bool // `inherit` may stand for a family
	limit   int  // most spans, of all families
}

// addresses takes the IPAddrBlocks of RFC 3779, Section 2.2.3.
//
// specs/19 RPKI-9: IPv4 stands before IPv6, each at most once.
func (r *reader) addresses(c *claim, w who) {
	const what = "the list of addresses"
	list := r.into(asn1.SEQUENCE, what)
	list.rule = "RPKI-9"
	last := wire.ASN
	for first := true; first || list.more(); first = false {
		family := list.family(c, w)
		if last == family || last == wire.IPv6 {
			list.refuse("RPKI-9", "%s has its families out of order", what)
		}
		last = family
	}
}

// family takes one IPAddressFamily.
func (r *reader) family(c *claim, w who) wire.Family {
	const what = "the list of addresses"
	in := r.into(asn1.SEQUENCE, what)
	id := in.take(asn1.OCTET_STRING, "the address family")
	if !in.ok() {
		return wire.ASN
	}
	if len(id) != 2 || id[1] < 1 || id[1] > 2 || id[0] != 0 {
		in.refuse("RPKI-9", "the address family is %x, not 0001 or 0002 without more", head(id))
		return wire.ASN
	}
	family := wire.Family(binary.BigEndian.Uint16(id) - 1) // IPv4 is 1 and IPv6 is 2 there
	in.choice(c, family, w, what)
	in.end(what)
	return family
}

// choice takes `inherit` or a list of spans.
func (r *reader) choice(c *claim, family wire.Family, w who, what string) {
	if r.peek(asn1.NULL) {
		r.exact(derNull, "RPKI-3", "`inherit`")
		if !w.inherit {
			r.refuse("RPKI-9", "%s inherits where it must say what it has", what)
		}
		c.inherit[family] = true
		return
	}
	r.spans(c, family, w.limit, what)
}

// numbers takes the ASIdentifiers of RFC 3779, Section 3.2.3, without routing
// domain identifiers: RFC 6487, Section 4.8.11.
func (r *reader) numbers(c *claim, w who) {
	const what = "the list of AS numbers"
	ids := r.into(asn1.SEQUENCE, what)
	ids.rule = "RPKI-9"
	list := ids.into(tag0, what)
	list.choice(c, wire.ASN, w, what)
	list.end(what)
	ids.end(what)
}
