package rpki

// messageMutants bends the CMS around the content.
func (b base) messageMutants() (out []mutant) {
	for _, x := range append(messageBends(), berLengths("message")...) {
		n := tree(b.checklist)
		x.do(n)
		out = append(out, mutant{why: "message: " + x.why, rule: x.rule, evidence: b.withChecklist(n.bytes())})
	}
	for _, x := range attributeBends() {
		n := tree(attributesOf(b.content, signedAt0()))
		x.do(n)
		der := cms(b.ee, b.content, oidChecklist, n.bytes(), keyID("signer"), "signer")
		out = append(out, mutant{why: "signed attributes: " + x.why, rule: x.rule, evidence: b.withChecklist(der)})
	}
	return append(out, b.swappedMutants()...)
}

// messageBends are bends without signing anew. Down 1, 0 is SignedData: version,
// digests, content, certificates, signers; down 4, 0 of it the signer.
func messageBends() []bend {
	data := func(do func(n *node), path ...int) func(n *node) { return on(do, append([]int{1, 0}, path...)...) }
	put := func(i int, der []byte) func(n *node) { return func(n *node) { n.insert(i, &node{raw: der}) } }
	params := unhex("300e0609608648016503040201040100")
	return []bend{
		{"another type", "RPKI-11", on(becomes(oid(1, 2, 840, 113549, 1, 7, 1)), 0)},
		{"something behind the signed data", "RPKI-11", behind},
		{"signed data twice", "RPKI-11", on(double, 1)},
		{"version 1", "RPKI-11", data(becomes(version1), 0)},
		{"version 4", "RPKI-11", data(becomes(unhex("020104")), 0)},
		{"a version with a leading zero", "RPKI-11", data(becomes(unhex("02020003")), 0)},
		{"no digest algorithm", "RPKI-11", data(becomes(setOf()), 1)},
		{"two digest algorithms", "RPKI-11", data(double, 1)},
		{"SHA-1", "RPKI-4", data(becomes(unhex("300706052b0e03021a")), 1, 0)},
		{"SHA-512", "RPKI-4", data(becomes(unhex("300b0609608648016503040203")), 1, 0)},
		{"SHA-256 with parameters", "RPKI-4", data(becomes(params), 1, 0)},
		{"another type of content", "RPKI-12", data(becomes(oid(1, 2, 840, 113549, 1, 9, 16, 1, 24)), 2, 0)},
		{"content as several octet strings", "RPKI-11", data(func(n *node) { n.become(list(0x24, n.bytes())) }, 2, 1, 0)},
		{"no content", "RPKI-11", data(drops(1), 2)},
		{"something behind the content", "RPKI-11", data(behind, 2)},
		{"a bit of the content flipped", "RPKI-12", data(func(n *node) { n.flip(90) }, 2, 1, 0)},
		{"no certificates", "RPKI-11", data(drops(3))},
		{"an empty set of certificates", "RPKI-11", data(becomes(list(0xa0)), 3)},
		{"the certificate twice", "RPKI-11", data(double, 3)},
		{"an attribute certificate", "RPKI-11", data(func(n *node) { n.become(tlv(0xa1, n.content())) }, 3, 0)},
		{"a CRL", "RPKI-11", data(put(4, list(0xa1, seq())))},
		{"something behind the signers", "RPKI-11", data(behind)},
		{"no signer", "RPKI-11", data(becomes(setOf()), 4)},
		{"two signers", "RPKI-11", data(double, 4)},
		{"a signer of version 1", "RPKI-11", data(becomes(version1), 4, 0, 0)},
		{"a signer by issuer and serial number", "RPKI-11", data(becomes(seq(seq(), unhex("02010d"))), 4, 0, 1)},
		{"another key identifier", "RPKI-11", data(becomes(tlv(0x80, keyID("member"))), 4, 0, 1)},
		{"a key identifier of 19 bytes", "RPKI-11", data(becomes(tlv(0x80, keyID("signer")[:19])), 4, 0, 1)},
		{"the signer's digest SHA-1", "RPKI-4", data(becomes(unhex("300706052b0e03021a")), 4, 0, 2)},
		{"the signer's digest with parameters", "RPKI-4", data(becomes(params), 4, 0, 2)},
		{"no signed attributes", "RPKI-11", data(drops(3), 4, 0)},
		{"signed attributes as a set", "RPKI-11", data(func(n *node) { n.become(tlv(0x31, n.content())) }, 4, 0, 3)},
		{"the signature ECDSA", "RPKI-4", data(becomes(unhex("300a06082a8648ce3d040302")), 4, 0, 4)},
		{"the signature RSA without NULL", "RPKI-4", data(becomes(unhex("300b06092a864886f70d010101")), 4, 0, 4)},
		{"the signature RSA-PSS", "RPKI-4", data(becomes(unhex("300d06092a864886f70d01010a3000")), 4, 0, 4)},
		{"a bit of the signature flipped", "RPKI-6", data(func(n *node) { n.flip(255) }, 4, 0, 5)},
		{"an empty signature", "RPKI-6", data(becomes(tlv(4, nil)), 4, 0, 5)},
		{"a signature of 257 bytes", "RPKI-6", data(func(n *node) { n.become(tlv(4, append([]byte{0}, n.body...))) }, 4, 0, 5)},
		{"unsigned attributes", "RPKI-11", data(put(6, list(0xa1, seq(oidSigningTime, setOf(utc("260601000000Z"))))), 4, 0)},
		{"an empty set of unsigned attributes", "RPKI-11", data(put(6, list(0xa1)), 4, 0)},
		{"a wrong tag of the message", "RPKI-11", wrongTag},
	}
}

// attributeBends are signed anew: down 0 the content type, 1 the signing time,
// 2 the digest of the content.
func attributeBends() []bend {
	binary := seq(oid(1, 2, 840, 113549, 1, 9, 16, 2, 46), setOf(unhex("02046a1d4d40")))
	return []bend{
		{"no content type", "RPKI-12", drops(0)},
		{"no signing time", "RPKI-12", drops(1)},
		{"no digest", "RPKI-12", drops(2)},
		{"none", "RPKI-12", func(n *node) { n.kids = nil }},
		{"out of order", "RPKI-12", func(n *node) { n.swap(0, 1) }},
		{"the signing time twice", "RPKI-12", func(n *node) { n.insert(1, &node{raw: n.at(1).bytes()}) }},
		{"a binary signing time too", "RPKI-12", func(n *node) { n.insert(2, &node{raw: binary}) }},
		{"a binary signing time instead", "RPKI-12", on(becomes(binary), 1)},
		{"an attribute nobody knows", "RPKI-12", behind},
		{"another content type", "RPKI-12", on(becomes(oid(1, 2, 840, 113549, 1, 7, 1)), 0, 1, 0)},
		{"two values", "RPKI-12", on(behind, 0, 1)},
		{"no value", "RPKI-12", on(drops(0), 0, 1)},
		{"something behind the values", "RPKI-12", on(behind, 0)},
		{"another digest", "RPKI-12", func(n *node) { n.at(2, 1, 0).flip(3) }},
		{"a digest of 31 bytes", "RPKI-12", on(becomes(tlv(4, make([]byte, 31))), 2, 1, 0)},
		{"a signing time that is none", "RPKI-12", on(becomes(utc("269931000000Z")), 1, 1, 0)},
		{"a signing time before 2050 as GeneralizedTime", "RPKI-12", on(becomes(generalized("20260601110000Z")), 1, 1, 0)},
		{"a signing time before 1970", "RPKI-12", on(becomes(utc("690101000000Z")), 1, 1, 0)},
	}
}

// swappedMutants have a part that belongs to something else.
func (b base) swappedMutants() []mutant {
	direct := tlv(4, sign("signer", b.content))
	n := tree(b.checklist)
	n.at(1, 0, 4, 0, 5).become(direct)
	plain := n.bytes()
	return []mutant{
		{why: "message: signed by a key other than the certificate's", rule: "RPKI-6", evidence: b.withChecklist(cms(b.ee, b.content, oidChecklist, attributesOf(b.content, signedAt0()), keyID("signer"), "stranger"))},
		{why: "message: the signature is over the content, not the attributes", rule: "RPKI-6", evidence: b.withChecklist(plain)},
		{why: "message: the signature is over the attributes with the tag of the context", rule: "RPKI-6", evidence: b.withChecklist(b.wrongTagSigned())},
		{why: "message: a manifest's type in both places", rule: "RPKI-11", evidence: b.withChecklist(b.ofKind(oid(1, 2, 840, 113549, 1, 9, 16, 1, 26)))},
		{why: "message: a byte behind it", rule: "RPKI-11", evidence: b.withChecklist(append(append([]byte(nil), b.checklist...), 0))},
		{why: "message: empty", rule: "RPKI-11", evidence: b.withChecklist(nil)},
		{why: "message: a certificate in its place", rule: "RPKI-11", evidence: b.withChecklist(b.ee)},
		{why: "message: the member's certificate in place of the signer's", rule: "RPKI-8", evidence: b.withSigner(b.certificates[2])},
	}
}

func (b base) wrongTagSigned() []byte {
	attributes := attributesOf(b.content, signedAt0())
	n := tree(cms(b.ee, b.content, oidChecklist, attributes, keyID("signer"), "signer"))
	n.at(1, 0, 4, 0, 5).become(tlv(4, sign("signer", append([]byte{0xa0}, attributes[1:]...))))
	return n.bytes()
}

func (b base) ofKind(kind []byte) []byte {
	n := tree(attributesOf(b.content, signedAt0()))
	n.at(0, 1, 0).become(kind)
	return cms(b.ee, b.content, kind, n.bytes(), keyID("signer"), "signer")
}
