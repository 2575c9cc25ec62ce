package rpki

// crlMutants bends the CRL of the registry.
func (b base) crlMutants() (out []mutant) {
	bends := append(crlFieldBends(), crlExtensionBends()...)
	bends = append(bends, nameBends(2)...)
	bends = append(bends, timeBends(4, -1, "RPKI-10")...)
	for _, x := range bends {
		rule := x.rule
		if rule == "RPKI-7" {
			rule = "RPKI-10" // a name's own form is part of the CRL's
		}
		out = append(out, mutant{why: "registry's CRL: " + x.why, rule: rule, evidence: b.bendCRL(1, x.do)})
	}
	for _, x := range append(berLengths("CRL"), []bend{
		{"another algorithm outside", "RPKI-4", on(becomes(algRSA), 1)},
		{"a bit of the signature flipped", "RPKI-6", func(n *node) { n.at(2).flip(100) }},
		{"a bit of the list flipped", "RPKI-6", func(n *node) { n.at(0, 5, 0, 0).flip(0) }},
		{"a short signature", "RPKI-6", func(n *node) { n.at(2).body = n.at(2).body[:200] }},
		{"a value behind the signature", "RPKI-10", behind},
		{"a wrong tag", "RPKI-10", wrongTag},
	}...) {
		n := tree(b.crls[1])
		x.do(n)
		out = append(out, mutant{why: "registry's CRL: " + x.why, rule: x.rule, evidence: b.withCRL(1, n.bytes())})
	}
	return append(out,
		mutant{why: "registry's CRL: a byte behind it", rule: "RPKI-10", evidence: b.withCRL(1, append(append([]byte(nil), b.crls[1]...), 0))},
		mutant{why: "registry's CRL: empty", rule: "RPKI-10", evidence: b.withCRL(1, nil)},
		mutant{why: "registry's CRL: a certificate in its place", rule: "RPKI-10", evidence: b.withCRL(1, b.certificates[1])},
	)
}

func crlFieldBends() []bend {
	entry := func(parts ...[]byte) func(n *node) { return on(becomes(seq(seq(parts...))), 5) }
	when := utc("260531120000Z")
	return []bend{
		{"version 1", "RPKI-10", drops(0)},
		{"version 3", "RPKI-10", on(becomes(version2), 0)},
		{"another algorithm inside", "RPKI-4", on(becomes(unhex("300d06092a864886f70d01010c0500")), 1)},
		{"no next update", "RPKI-10", drops(4)},
		{"updates in the wrong order", "RPKI-10", func(n *node) { n.swap(3, 4) }},
		{"an empty list of entries", "RPKI-10", on(becomes(seq()), 5)},
		{"an entry without a time", "RPKI-10", entry(unhex("020105"))},
		{"an entry with an extension", "RPKI-10", entry(unhex("020105"), when, seq(seq(oid(2, 5, 29, 21), tlv(4, unhex("0a0101")))))},
		{"an entry with serial number 0", "RPKI-10", entry(unhex("020100"), when)},
		{"an entry with a negative serial number", "RPKI-10", entry(unhex("0201ff"), when)},
		{"an entry with a long serial number", "RPKI-10", entry(tlv(2, repeat(1, 21)), when)},
		{"an entry with a leading zero", "RPKI-3", entry(unhex("02020005"), when)},
		{"an entry with no time there is", "RPKI-10", entry(unhex("020105"), utc("260231000000Z"))},
		{"something behind the extensions", "RPKI-10", behind},
	}
}

func crlExtensionBends() []bend {
	in := func(do func(list *node)) func(n *node) { return func(n *node) { do(n.at(6, 0)) } }
	value := func(id, v []byte) func(n *node) {
		return in(func(l *node) { inValue(extensionOf(l, id), func(n *node) { n.become(v) }) })
	}
	return []bend{
		{"no extensions", "RPKI-10", drops(6)},
		{"no authority key identifier", "RPKI-10", in(func(l *node) { l.drop(placeOf(l, oidAKI)) })},
		{"no CRL number", "RPKI-10", in(func(l *node) { l.drop(placeOf(l, oidCRLNumber)) })},
		{"the CRL number twice", "RPKI-10", in(func(l *node) { l.at(0).become(l.at(1).bytes()) })},
		{"a third extension", "RPKI-10", in(behind)},
		{"an issuing distribution point", "RPKI-10", in(func(l *node) { l.at(1).become(seq(oid(2, 5, 29, 28), tlv(4, seq()))) })},
		{"a critical CRL number", "RPKI-10", in(func(l *node) { extensionOf(l, oidCRLNumber).insert(1, &node{raw: derTrue}) })},
		{"a negative CRL number", "RPKI-10", value(oidCRLNumber, unhex("0201ff"))},
		{"a CRL number of 21 bytes", "RPKI-10", value(oidCRLNumber, tlv(2, repeat(1, 21)))},
		{"a CRL number with a leading zero", "RPKI-3", value(oidCRLNumber, unhex("02020007"))},
		{"a key identifier of 21 bytes", "RPKI-10", value(oidAKI, seq(tlv(0x80, repeat(1, 21))))},
	}
}
