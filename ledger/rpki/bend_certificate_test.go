package rpki

var (
	oidConstraints   = oid(2, 5, 29, 19)
	oidKeyID         = oid(2, 5, 29, 14)
	oidUsage         = oid(2, 5, 29, 15)
	oidCRLPoint      = oid(2, 5, 29, 31)
	oidIssuerAccess  = oid(1, 3, 6, 1, 5, 5, 7, 1, 1)
	oidSubjectAccess = oid(1, 3, 6, 1, 5, 5, 7, 1, 11)
	oidPolicies      = oid(2, 5, 29, 32)
	oidAddresses     = oid(1, 3, 6, 1, 5, 5, 7, 1, 7)
	oidNumbers       = oid(1, 3, 6, 1, 5, 5, 7, 1, 8)
)

// certificateMutants bends each certificate of the chain in every way that
// every kind of certificate has.
func (b base) certificateMutants() (out []mutant) {
	for _, name := range []string{"anchor", "registry", "member", "signer"} {
		bends := append(fieldBends(), extensionBends(name)...)
		bends = append(bends, nameBends(3)...)
		for _, x := range bends {
			out = append(out, mutant{why: name + ": " + x.why, rule: x.rule, evidence: b.bendCertificate(name, x.do)})
		}
	}
	for _, x := range append(timeBends(4, 0, "RPKI-7"), nameBends(5)...) {
		out = append(out, mutant{why: "member: " + x.why, rule: x.rule, evidence: b.bendCertificate("member", x.do)})
	}
	return append(out, b.frameMutants()...)
}

// fieldBends bend the fields of what is certified.
func fieldBends() []bend {
	return []bend{
		{"version 1", "RPKI-7", drops(0)},
		{"version 2", "RPKI-7", on(becomes(tlv(0xa0, unhex("020101"))), 0)},
		{"a negative serial number", "RPKI-7", on(becomes(unhex("0201ff")), 1)},
		{"serial number 0", "RPKI-7", on(becomes(unhex("020100")), 1)},
		{"a serial number of 21 bytes", "RPKI-7", on(becomes(tlv(2, repeat(1, 21))), 1)},
		{"a serial number with a leading zero", "RPKI-3", on(becomes(unhex("02020001")), 1)},
		{"an empty serial number", "RPKI-3", on(becomes(unhex("0200")), 1)},
		{"another algorithm inside", "RPKI-4", on(becomes(unhex("300d06092a864886f70d01010c0500")), 2)},
		{"no NULL behind the algorithm", "RPKI-4", on(becomes(unhex("300b06092a864886f70d01010b")), 2)},
		{"an end before the start", "RPKI-7", func(n *node) { n.at(4).swap(0, 1) }},
		{"a third time", "RPKI-7", on(behind, 4)},
		{"a key of 1024 bits", "RPKI-5", on(becomes(publicBytes("short")), 6)},
		{"a key of 4096 bits", "RPKI-5", on(becomes(publicBytes("long")), 6)},
		{"another exponent", "RPKI-5", func(n *node) { k := n.at(6).bytes(); k[len(k)-1] = 3; n.at(6).become(k) }},
		{"a key of another kind", "RPKI-5", on(becomes(ecKey()), 6)},
		{"an issuer's unique identifier", "RPKI-7", func(n *node) { n.insert(7, &node{raw: unhex("81020001")}) }},
		{"something behind the extensions", "RPKI-7", behind},
		{"no extensions", "RPKI-7", drops(7)},
	}
}

// ecKey is the SubjectPublicKeyInfo of a key on P-256: well formed, another kind.
func ecKey() []byte {
	point := append([]byte{0, 4}, repeat(7, 64)...)
	return seq(seq(oid(1, 2, 840, 10045, 2, 1), oid(1, 2, 840, 10045, 3, 1, 7)), tlv(3, point))
}

// extensionBends bend the extensions of a kind of certificate.
func extensionBends(name string) []bend {
	in := func(do func(list *node)) func(n *node) {
		return func(n *node) { do(certificateExtensions(n)) }
	}
	without := func(oid []byte) func(n *node) {
		return in(func(list *node) { list.drop(placeOf(list, oid)) })
	}
	has := [][]byte{oidKeyID, oidUsage, oidPolicies}
	critical := [][]byte{oidUsage, oidPolicies, oidAddresses, oidNumbers}
	usual := [][]byte{oidKeyID}
	if name != "signer" {
		has, critical, usual = append(has, oidConstraints, oidSubjectAccess), append(critical, oidConstraints), append(usual, oidSubjectAccess)
	}
	if name != "anchor" {
		has, usual = append(has, oidAKI, oidCRLPoint, oidIssuerAccess), append(usual, oidAKI, oidCRLPoint, oidIssuerAccess)
	}
	var out []bend
	for _, id := range has {
		out = append(out, bend{"no " + nameOfExtension(id), "RPKI-8", without(id)})
	}
	for _, id := range critical {
		out = append(out, bend{nameOfExtension(id) + " not critical", "RPKI-8", in(func(l *node) { extensionOf(l, id).drop(1) })})
	}
	for _, id := range usual {
		out = append(out, bend{nameOfExtension(id) + " critical", "RPKI-8", in(func(l *node) { extensionOf(l, id).insert(1, &node{raw: derTrue}) })})
	}
	return append(out,
		bend{"key usage with critical FALSE written", "RPKI-3", in(func(l *node) { extensionOf(l, oidUsage).at(1).become(unhex("010100")) })},
		bend{"key usage with critical 0x01", "RPKI-3", in(func(l *node) { extensionOf(l, oidUsage).at(1).become(unhex("010101")) })},
		bend{"an extension twice", "RPKI-8", in(double)},
		bend{"an extension nobody knows", "RPKI-8", in(func(l *node) { l.insert(0, &node{raw: seq(oid(1, 3, 6, 1, 4, 1, 99999, 1), tlv(4, derNull))}) })},
		bend{"a critical extension nobody knows", "RPKI-8", in(func(l *node) { l.insert(0, &node{raw: seq(oid(1, 3, 6, 1, 4, 1, 99999, 1), derTrue, tlv(4, derNull))}) })},
		bend{"an extended key usage", "RPKI-8", in(func(l *node) {
			l.insert(0, &node{raw: seq(oid(2, 5, 29, 37), tlv(4, seq(oid(1, 3, 6, 1, 5, 5, 7, 3, 30))))})
		})},
		bend{"addresses under the identifier of RFC 8360", "RPKI-8", in(func(l *node) { extensionOf(l, oidAddresses).at(0).become(oid(1, 3, 6, 1, 5, 5, 7, 1, 28)) })},
		bend{"neither addresses nor AS numbers", "RPKI-8", in(func(l *node) { l.drop(placeOf(l, oidAddresses)); l.drop(placeOf(l, oidNumbers)) })},
		bend{"something behind an extension", "RPKI-8", in(func(l *node) { behind(extensionOf(l, oidKeyID)) })},
		bend{"a key identifier of another key", "RPKI-8", setValue(oidKeyID, tlv(4, keyID("stranger")))},
		bend{"a key identifier of 32 bytes", "RPKI-8", setValue(oidKeyID, tlv(4, repeat(1, 32)))},
		bend{"the other usage of the key", "RPKI-8", inExtension(oidUsage, func(v *node) {
			if v.body[1] == 6 {
				v.become(unhex("03020780"))
			} else {
				v.become(unhex("03020106"))
			}
		})},
		bend{"key usage with unused bits set", "RPKI-8", inExtension(oidUsage, func(v *node) { v.body = []byte{v.body[0], v.body[1] | 1} })},
		bend{"a second policy", "RPKI-8", inExtension(oidPolicies, double)},
		bend{"another policy", "RPKI-8", inExtension(oidPolicies, on(becomes(oid(2, 5, 29, 32, 0)), 0, 0))},
		bend{"a user notice", "RPKI-8", inExtension(oidPolicies, func(v *node) {
			v.at(0).kids = append(v.at(0).kids[:1:1], &node{raw: seq(seq(oid(1, 3, 6, 1, 5, 5, 7, 2, 2), seq()))})
		})},
	)
}

func nameOfExtension(id []byte) string {
	for _, e := range extensionsKnown {
		if string(e.oid) == string(id) {
			return e.name
		}
	}
	panic("no such extension")
}

// nameBends bend the name in a place. Its own form is checked before its link.
func nameBends(place int) []bend {
	what := map[int]string{3: "issuer: ", 5: "subject: ", 2: "issuer: "}[place]
	cn := func(text []byte) []byte { return setOf(seq(oidCommonName, text)) }
	plain := tlv(0x13, []byte("x"))
	return []bend{
		{what + "a name as UTF8String", "RPKI-7", on(becomes(seq(cn(tlv(0x0c, []byte("x"))))), place)},
		{what + "an underscore", "RPKI-7", on(becomes(seq(cn(tlv(0x13, []byte("a_b"))))), place)},
		{what + "no name", "RPKI-7", on(becomes(seq()), place)},
		{what + "two common names", "RPKI-7", on(becomes(seq(cn(plain), cn(plain))), place)},
		{what + "a serial number alone", "RPKI-7", on(becomes(seq(setOf(seq(oidSerialNumber, plain)))), place)},
		{what + "an organisation", "RPKI-7", on(becomes(seq(cn(plain), setOf(seq(oid(2, 5, 4, 10), plain)))), place)},
		{what + "a set out of order", "RPKI-3", on(becomes(seq(setOf(seq(oidSerialNumber, plain), seq(oidCommonName, plain)))), place)},
		{what + "an empty set", "RPKI-7", on(becomes(seq(setOf(), cn(plain))), place)},
	}
}

// timeBends bend the time down a path.
func timeBends(place, in int, rule string) (out []bend) {
	for _, x := range []struct {
		why  string
		time []byte
	}{
		{"a time without seconds", utc("2605310000Z")}, {"a time with an offset", utc("260531000000+0000")},
		{"a thirteenth month", utc("261331000000Z")}, {"a day that is not", utc("260431000000Z")}, {"29 February of a common year", utc("260229000000Z")},
		{"hour 24", utc("260531240000Z")}, {"second 60", utc("260531000060Z")}, {"a time before 1970", utc("690531000000Z")},
		{"a GeneralizedTime before 2050", generalized("20260531000000Z")}, {"a fraction of a second", generalized("20510531000000.5Z")},
		{"a space in a time", utc(" 60531000000Z")}, {"an empty time", utc("")},
	} {
		do := on(becomes(x.time), place, in)
		if in < 0 {
			do = on(becomes(x.time), place)
		}
		out = append(out, bend{x.why, rule, do})
	}
	return out
}

// frameMutants bend the frame around what is certified, and the form of certain
// extensions of one certificate.
func (b base) frameMutants() (out []mutant) {
	member := b.certificates[2]
	frame := func(do func(n *node)) *Evidence {
		n := tree(member)
		do(n)
		return b.withCertificate(2, n.bytes())
	}
	for _, x := range append(berLengths("certificate"), []bend{
		{"another algorithm outside", "RPKI-4", on(becomes(algRSA), 1)},
		{"parameters that are not NULL", "RPKI-4", on(becomes(unhex("300e06092a864886f70d01010b040100")), 1)},
		{"a signature of 255 bytes", "RPKI-6", func(n *node) { n.at(2).body = n.at(2).body[:256] }},
		{"a signature of 257 bytes", "RPKI-6", func(n *node) { n.at(2).body = append(n.at(2).body[:257:257], 0) }},
		{"a signature with unused bits", "RPKI-6", func(n *node) { n.at(2).body = append([]byte{8 - 7}, append(n.at(2).body[1:256:256], 0)...) }},
		{"a signature with bits unused but set", "RPKI-3", func(n *node) { n.at(2).body = append([]byte{7}, repeat(0xff, 256)...) }},
		{"a signature of zeros", "RPKI-6", func(n *node) { n.at(2).body = make([]byte, 257) }},
		{"a signature above the modulus", "RPKI-6", func(n *node) { n.at(2).body = append([]byte{0}, repeat(0xff, 256)...) }},
		{"a bit of the signature flipped", "RPKI-6", func(n *node) { n.at(2).flip(200) }},
		{"a bit of what is certified flipped", "RPKI-6", func(n *node) { n.at(0, 1).flip(0) }},
		{"a value behind the signature", "RPKI-7", behind},
		{"no signature", "RPKI-7", drops(2)},
		{"a wrong tag", "RPKI-7", wrongTag},
	}...) {
		out = append(out, mutant{why: "member: " + x.why, rule: x.rule, evidence: frame(x.do)})
	}
	out = append(out, mutant{why: "member: a byte behind the certificate", rule: "RPKI-7", evidence: b.withCertificate(2, append(append([]byte(nil), member...), 0))})
	return append(out, b.accessMutants()...)
}

func uriValue(text string) []byte { return tlv(0x86, []byte(text)) }

// accessMutants bend what says where objects are published, and the key identifiers.
func (b base) accessMutants() (out []mutant) {
	point := func(names ...[]byte) []byte { return seq(seq(list(0xa0, list(0xa0, names...)))) }
	issuers := func(uri []byte) []byte { return seq(seq(oidCAIssuers, uri)) }
	subject := func(parts ...[]byte) []byte { return seq(parts...) }
	repo, mft := seq(oidCARepository, uriValue("rsync://h/r/")), seq(oidManifest, uriValue("rsync://h/r/m.mft"))
	many := make([][]byte, 9)
	for i := range many {
		many[i] = uriValue("rsync://h/r/c.crl")
	}
	for _, x := range []bend{
		{"basic constraints of no CA", "RPKI-8", setValue(oidConstraints, seq())},
		{"a bounded path", "RPKI-8", setValue(oidConstraints, seq(derTrue, unhex("020100")))},
		{"basic constraints with CA 0x01", "RPKI-8", setValue(oidConstraints, seq(unhex("010101")))},
		{"an issuer's key identifier of 19 bytes", "RPKI-8", setValue(oidAKI, seq(tlv(0x80, repeat(1, 19))))},
		{"an issuer's name and serial number beside its key identifier", "RPKI-8", setValue(oidAKI, seq(tlv(0x80, keyID("registry")), tlv(0x82, []byte{1})))},
		{"no issuer's key identifier inside", "RPKI-8", setValue(oidAKI, seq())},
		{"a CRL point with no rsync URI", "RPKI-8", setValue(oidCRLPoint, point(uriValue("https://h/c.crl")))},
		{"two CRL points", "RPKI-8", inExtension(oidCRLPoint, double)},
		{"a CRL point with reasons", "RPKI-8", inExtension(oidCRLPoint, func(v *node) { v.at(0).insert(1, &node{raw: unhex("81020560")}) })},
		{"a CRL issuer", "RPKI-8", inExtension(oidCRLPoint, func(v *node) { v.at(0).insert(1, &node{raw: list(0xa2, uriValue("rsync://h/"))}) })},
		{"a CRL point with nine URIs", "RPKI-8", setValue(oidCRLPoint, point(many...))},
		{"a CRL point with a name of another kind", "RPKI-8", setValue(oidCRLPoint, point(tlv(0x82, []byte("h"))))},
		{"a URI with a space", "RPKI-8", setValue(oidCRLPoint, point(uriValue("rsync://h/a b")))},
		{"a URI beyond ASCII", "RPKI-8", setValue(oidCRLPoint, point(uriValue("rsync://h/\xc3\xa9")))},
		{"an empty URI", "RPKI-8", setValue(oidIssuerAccess, issuers(uriValue("")))},
		{"a URI of 1,025 bytes", "RPKI-8", setValue(oidIssuerAccess, issuers(uriValue("rsync://"+string(repeat('a', 1017)))))},
		{"an issuer by HTTPS alone", "RPKI-8", setValue(oidIssuerAccess, issuers(uriValue("https://h/c.cer")))},
		{"OCSP", "RPKI-8", setValue(oidIssuerAccess, seq(seq(oid(1, 3, 6, 1, 5, 5, 7, 48, 1), uriValue("rsync://h/"))))},
		{"no manifest", "RPKI-8", setValue(oidSubjectAccess, subject(repo))},
		{"no repository", "RPKI-8", setValue(oidSubjectAccess, subject(mft))},
		{"a signed object's access", "RPKI-8", setValue(oidSubjectAccess, subject(repo, mft, seq(oid(1, 3, 6, 1, 5, 5, 7, 48, 11), uriValue("rsync://h/r/x.roa"))))},
		{"nine access descriptions", "RPKI-8", setValue(oidSubjectAccess, subject(repo, mft, mft, mft, mft, mft, mft, mft, mft))},
		{"a value behind the policy", "RPKI-8", inExtension(oidPolicies, func(v *node) { v.at(0).insert(1, &node{raw: seq()}) })},
	} {
		out = append(out, mutant{why: "member: " + x.why, rule: x.rule, evidence: b.bendCertificate("member", x.do)})
	}
	for _, x := range []bend{
		{"basic constraints", "RPKI-8", func(n *node) {
			certificateExtensions(n).insert(0, &node{raw: seq(oidConstraints, derTrue, tlv(4, seq()))})
		}},
		{"a subject's access", "RPKI-8", func(n *node) {
			certificateExtensions(n).insert(0, &node{raw: seq(oidSubjectAccess, tlv(4, subject(repo, mft)))})
		}},
	} {
		out = append(out, mutant{why: "signer: " + x.why, rule: x.rule, evidence: b.bendCertificate("signer", x.do)})
	}
	anchorsOwn := bend{"a CRL point", "RPKI-8", func(n *node) {
		certificateExtensions(n).insert(0, &node{raw: seq(oidCRLPoint, tlv(4, point(uriValue("rsync://h/c.crl"))))})
	}}
	return append(out, mutant{why: "anchor: " + anchorsOwn.why, rule: anchorsOwn.rule, evidence: b.bendCertificate("anchor", anchorsOwn.do)})
}
