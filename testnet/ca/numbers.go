package ca

import (
	stdasn1 "encoding/asn1"

	"crypto/x509/pkix"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

var (
	context0     = asn1.Tag(0).ContextSpecific().Constructed()
	oidChecklist = oid(1, 2, 840, 113549, 1, 9, 16, 1, 48)
	// sha256Only is the algorithm without parameters.
	sha256Only = sequence(oid(2, 16, 840, 1, 101, 3, 4, 2, 1))
)

func oid(n ...int) []byte {
	var b cryptobyte.Builder
	b.AddASN1ObjectIdentifier(n)
	return b.BytesOrPanic()
}

func sequence(parts ...[]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, p := range parts {
			b.AddBytes(p)
		}
	})
	return b.BytesOrPanic()
}

// of is the blocks of a family in order.
func of(family wire.Family, holds []wire.Resource) (out []wire.Resource) {
	for _, r := range holds {
		if r.Family == family {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, inr.Compare)
	return out
}

// numbers is the extensions of RFC 3779.
func numbers(holds []wire.Resource) (out []pkix.Extension) {
	if as := of(wire.ASN, holds); len(as) > 0 {
		var b cryptobyte.Builder
		asIdentifiers(&b, as)
		out = append(out, pkix.Extension{Id: stdasn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 8}, Critical: true, Value: b.BytesOrPanic()})
	}
	if len(of(wire.ASN, holds)) < len(holds) {
		var b cryptobyte.Builder
		addressBlocks(&b, holds)
		out = append(out, pkix.Extension{Id: stdasn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 7}, Critical: true, Value: b.BytesOrPanic()})
	}
	return out
}

// addressBlocks is the list of families: RFC 3779, Section 2.2.3.
func addressBlocks(b *cryptobyte.Builder, holds []wire.Resource) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, family := range []wire.Family{wire.IPv4, wire.IPv6} {
			list := of(family, holds)
			if len(list) == 0 {
				continue
			}
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1OctetString([]byte{0, byte(family) + 1})
				b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
					for _, r := range list {
						prefix(b, r)
					}
				})
			})
		}
	})
}

// prefix is the bits of a block as a BIT STRING.
func prefix(b *cryptobyte.Builder, r wire.Resource) {
	size := (int(r.Len) + 7) / 8
	b.AddASN1(asn1.BIT_STRING, func(b *cryptobyte.Builder) {
		b.AddUint8(uint8(8*size - int(r.Len)))
		b.AddBytes(r.Addr[:size])
	})
}

// asIdentifiers is the list of AS numbers: RFC 3779, Section 3.2.3.
func asIdentifiers(b *cryptobyte.Builder, as []wire.Resource) {
	var list cryptobyte.Builder
	for _, r := range as {
		first, last := inr.Ends(r)
		if first == last {
			list.AddASN1Uint64(asNumber(first))
			continue
		}
		list.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Uint64(asNumber(first))
			b.AddASN1Uint64(asNumber(last))
		})
	}
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(context0, func(b *cryptobyte.Builder) { b.AddBytes(sequence(list.BytesOrPanic())) })
	})
}

func asNumber(n [16]byte) uint64 {
	return uint64(n[0])<<24 | uint64(n[1])<<16 | uint64(n[2])<<8 | uint64(n[3])
}

// policy is the one certificate policy of the RPKI: RFC 6484, Section 1.2.
func policy() pkix.Extension {
	return pkix.Extension{Id: stdasn1.ObjectIdentifier{2, 5, 29, 32}, Critical: true, Value: sequence(sequence(oid(1, 3, 6, 1, 5, 5, 7, 14, 2)))}
}

// places is where a CA would publish: RFC 6487, Section 4.8.8.
func places(name string) pkix.Extension {
	at := func(method int, uri string) []byte {
		var b cryptobyte.Builder
		b.AddBytes(oid(1, 3, 6, 1, 5, 5, 7, 48, method))
		b.AddASN1(asn1.Tag(6).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes([]byte(uri)) })
		return sequence(b.BytesOrPanic())
	}
	return pkix.Extension{
		Id:    stdasn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 11},
		Value: sequence(at(5, address(name, "")), at(10, address(name, "mft")), at(13, "https://rpki.example.net/notification.xml")),
	}
}
