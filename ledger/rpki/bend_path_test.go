package rpki

import (
	"crypto/x509/pkix"
	"time"
)

// pathMutants are chains whose every object is well formed and signed by
// somebody, but which do not hold together, or not at the time.
func (b base) pathMutants() (out []mutant) {
	add := func(why, rule string, e *Evidence) {
		out = append(out, mutant{why: "path: " + why, rule: rule, evidence: e})
	}
	add("a trust anchor that nobody trusts", "RPKI-14", b.foreign())
	add("the registry's certificate as the trust anchor's", "RPKI-8", b.from(1))
	add("the registry's certificate left out", "RPKI-14", b.without(1))
	add("the member's certificate left out", "RPKI-14", b.without(2))
	add("a certificate too many", "RPKI-14", b.with(2))
	add("certificates in the wrong order", "RPKI-14", b.swapped(true, false))
	add("CRLs in the wrong order", "RPKI-14", b.swapped(false, true))
	add("certificates and CRLs in the wrong order", "RPKI-14", b.swapped(true, true))
	add("the member certified by a stranger", "RPKI-6", b.withCertificate(2, resign(b.certificates[2], "stranger", func(*node) {})))
	add("the signer certified by a stranger", "RPKI-6", b.withSigner(resign(b.ee, "stranger", func(*node) {})))
	add("the signer certified by the registry in the member's name", "RPKI-6", b.withSigner(resign(b.ee, "registry", func(*node) {})))
	add("the trust anchor signed by a stranger", "RPKI-6", b.withCertificate(0, resign(b.certificates[0], "stranger", func(*node) {})))
	add("a CRL signed by a stranger", "RPKI-6", b.withCRL(1, resign(b.crls[1], "stranger", func(*node) {})))
	other := seq(setOf(seq(oidCommonName, tlv(0x13, []byte("test somebody")))))
	for _, x := range []struct {
		name string
		at   int
	}{{"registry", 3}, {"member", 3}, {"signer", 3}, {"registry", 5}, {"member", 5}} {
		add(map[int]string{3: "another issuer's name in the certificate of ", 5: "another subject's name in the certificate of "}[x.at]+x.name, "RPKI-14", b.bendCertificate(x.name, on(becomes(other), x.at)))
	}
	add("a common name in another case", "RPKI-14", b.bendCertificate("signer", func(n *node) { t := n.at(3, 0, 0, 1); t.body = []byte("Test member") }))
	add("another issuer's name in a CRL", "RPKI-14", b.bendCRL(1, on(becomes(other), 2)))
	for _, name := range []string{"anchor", "registry", "member", "signer"} {
		if name != "anchor" {
			add("another issuer's key identifier in the certificate of "+name, "RPKI-14", b.bendCertificate(name, setValue(oidAKI, seq(tlv(0x80, keyID("stranger"))))))
		} else {
			add("another key identifier as the trust anchor's issuer's", "RPKI-14", b.bendCertificate(name, func(n *node) {
				certificateExtensions(n).insert(0, &node{raw: seq(oidAKI, tlv(4, seq(tlv(0x80, keyID("stranger")))))})
			}))
		}
	}
	add("another issuer's key identifier in a CRL", "RPKI-14", b.bendCRL(1, func(n *node) {
		inValue(extensionOf(n.at(6, 0), oidAKI), func(v *node) { v.at(0).flip(0) })
	}))
	add("the registry's key certified for the member", "RPKI-14", b.sameKey())
	return append(append(out, b.timeMutants()...), b.resourceMutants()...)
}

// foreign is the chain under a trust anchor of the member's own making.
func (b base) foreign() *Evidence {
	e := b.copy()
	e.Certificates, e.CRLs = e.Certificates[2:], e.CRLs[2:]
	n := tree(b.certificates[0])
	spki, ski := tree(publicBytes("member")), tlv(4, keyID("member"))
	e.Certificates[0] = resign(n.bytes(), "member", func(tbs *node) {
		tbs.at(3).become(tree(b.certificates[2]).at(0, 5).bytes())
		tbs.at(5).become(tree(b.certificates[2]).at(0, 5).bytes())
		tbs.at(6).become(spki.bytes())
		setValue(oidKeyID, ski)(tbs)
	})
	return e
}

func (b base) from(i int) *Evidence {
	e := b.copy()
	e.Certificates, e.CRLs = e.Certificates[i:], e.CRLs[i:]
	return e
}

func (b base) without(i int) *Evidence {
	e := b.copy()
	e.Certificates = append(e.Certificates[:i], e.Certificates[i+1:]...)
	e.CRLs = append(e.CRLs[:i], e.CRLs[i+1:]...)
	return e
}

// with is the chain with the certificate and CRL of a place twice.
func (b base) with(i int) *Evidence {
	e := b.copy()
	e.Certificates, e.CRLs = append(e.Certificates, e.Certificates[i]), append(e.CRLs, e.CRLs[i])
	return e
}

func (b base) swapped(certificates, crls bool) *Evidence {
	e := b.copy()
	if certificates {
		e.Certificates[1], e.Certificates[2] = e.Certificates[2], e.Certificates[1]
	}
	if crls {
		e.CRLs[1], e.CRLs[2] = e.CRLs[2], e.CRLs[1]
	}
	return e
}

// sameKey has a member whose certificate carries the registry's own key: the
// registry signs for it.
func (b base) sameKey() *Evidence {
	e := b.copy()
	e.Certificates[2] = resign(b.certificates[2], "registry", func(tbs *node) {
		tbs.at(6).become(publicBytes("registry"))
		setValue(oidKeyID, tlv(4, keyID("registry")))(tbs)
	})
	return e
}

// timeMutants are good chains at another time, revoked or out of date in a part.
func (b base) timeMutants() (out []mutant) {
	day := 24 * time.Hour
	s := spec0()
	times := func(tbs *node, from, to time.Time) { tbs.at(4).become(seq(utcOf(from), utcOf(to))) }
	for _, name := range []string{"anchor", "registry", "member", "signer"} {
		out = append(out,
			mutant{why: "time: expired a second ago: " + name, rule: "RPKI-16", evidence: b.bendCertificate(name, func(n *node) { times(n, s.from, s.to.Add(-day-time.Second)) })},
			mutant{why: "time: valid in a second: " + name, rule: "RPKI-16", evidence: b.bendCertificate(name, func(n *node) { times(n, s.from.Add(day+time.Second), s.to) })})
	}
	for i, name := range casOfChain {
		out = append(out,
			mutant{why: "time: CRL stale by a second: " + name, rule: "RPKI-17", evidence: b.bendCRL(i, func(n *node) { n.at(4).become(utcOf(s.to.Add(-day - time.Second))) })},
			mutant{why: "time: CRL of the next second: " + name, rule: "RPKI-17", evidence: b.bendCRL(i, func(n *node) { n.at(3).become(utcOf(s.from.Add(day + time.Second))) })})
		revoked := spec0()
		revoked.revoked[i] = []int64{int64(11 + i)}
		out = append(out, mutant{why: "revoked by the CRL of " + name, rule: "RPKI-17", evidence: b.withCRL(i, makeChain(revoked).crls[i])})
	}
	out = append(out, mutant{why: "revoked from a time to come", rule: "RPKI-17", evidence: b.bendCRL(2, func(n *node) {
		n.at(5).become(seq(seq(unhex("02010d"), utcOf(s.to))))
	})})
	for _, x := range []struct {
		why string
		at  uint64
	}{{"before everything", 1}, {"a second too early", uint64(s.from.Unix() - 1)}, {"a second too late", uint64(s.to.Unix() + 1)}, {"at the end of time", 1<<64 - 1}} {
		out = append(out, mutant{why: "time: " + x.why, rule: "RPKI-16", evidence: b.copy(), at: x.at})
	}
	return out
}

func utcOf(at time.Time) []byte { return utc(at.Format("060102150405Z")) }

// resourceMutants have numbers in the wrong form or beyond the issuer's.
func (b base) resourceMutants() (out []mutant) {
	build := func(why, rule string, change func(s *chainSpec)) {
		s := spec0()
		change(&s)
		out = append(out, mutant{why: "numbers: " + why, rule: rule, evidence: makeChain(s).evidence()})
	}
	ip := func(v4, v6 []byte) []pkix.Extension { return []pkix.Extension{ext3779(v4, v6)} }
	build("the member beyond the registry", "RPKI-15", func(s *chainSpec) { s.member = ip(prefixOf("61.0.0.0/16"), nil) })
	build("the member beyond the registry by one bit", "RPKI-15", func(s *chainSpec) {
		s.registry = append(ip(prefixOf("60.0.0.0/9"), prefixOf("2a00::/12")), extAS(asRange(1, 65000)))
		s.member[0] = ext3779(prefixOf("60.0.0.0/8"), prefixOf("2a00:1::/32"))
	})
	build("the member across a gap of the registry", "RPKI-15", func(s *chainSpec) {
		s.registry[0] = ext3779(append(prefixOf("60.0.0.0/16"), prefixOf("60.2.0.0/16")...), prefixOf("2a00::/12"))
	})
	build("the member in a family the registry has not", "RPKI-15", func(s *chainSpec) { s.registry[0] = ext3779(prefixOf("60.0.0.0/8"), nil) })
	build("the member inherits AS numbers of which the registry has none", "RPKI-15", func(s *chainSpec) { s.registry = s.registry[:1] })
	build("the signer beyond AS numbers the member inherits", "RPKI-15", func(s *chainSpec) { s.registry[1] = extAS(asRange(1, 4218)) })
	build("the signer beyond the member", "RPKI-15", func(s *chainSpec) { s.ee[0] = ext3779(prefixOf("60.1.0.0/16"), prefixOf("2a00:1::/32")) })
	build("the signer across two ranges of the member", "RPKI-15", func(s *chainSpec) { s.ee[0] = ext3779(rangeOf("60.0.0.0/16", "60.2.0.0/16"), prefixOf("2a00:1::/32")) })
	build("the signer inherits addresses", "RPKI-9", func(s *chainSpec) {
		s.ee[0] = pkix.Extension{Id: s.ee[0].Id, Critical: true, Value: seq(seq(unhex("04020001"), derNull))}
	})
	build("the signer inherits AS numbers", "RPKI-9", func(s *chainSpec) { s.ee[1] = extAS(derNull) })
	for _, x := range append(addressBends(), numberBends()...) {
		id := oidNumbers
		if x.why[1] == 'd' {
			id = oidAddresses
		}
		out = append(out, mutant{why: "numbers of the member: " + x.why, rule: x.rule, evidence: b.bendCertificate("member", func(tbs *node) {
			inValue(extensionOf(certificateExtensions(tbs), id), func(v *node) {
				holder := &node{tag: 0x30, kids: []*node{v}}
				x.do(holder)
				v.become(holder.at(0).bytes())
			})
		})})
	}
	for _, x := range []struct {
		why string
		id  []byte
		der []byte
	}{
		{"the trust anchor inherits addresses", oidAddresses, seq(seq(unhex("04020001"), derNull))},
		{"the trust anchor inherits AS numbers", oidNumbers, seq(list(0xa0, derNull))},
	} {
		out = append(out, mutant{why: "numbers: " + x.why, rule: "RPKI-9", evidence: b.bendCertificate("anchor", setValue(x.id, x.der))})
	}
	return append(out, mutant{why: "numbers: `inherit` with a content", rule: "RPKI-3", evidence: b.bendCertificate("member", setValue(oidNumbers, seq(list(0xa0, unhex("050100")))))})
}

// containerMutants are evidence whose own encoding is wrong.
func (b base) containerMutants() (out []mutant) {
	good := b.evidence().Bytes()
	add := func(why, rule string, raw []byte) {
		out = append(out, mutant{why: "evidence: " + why, rule: rule, raw: raw})
	}
	add("nothing", "RPKI-2", []byte{})
	add("an empty list", "RPKI-2", []byte{0xc0})
	add("a byte behind", "RPKI-2", append(append([]byte(nil), good...), 0))
	add("a byte short", "RPKI-2", good[:len(good)-1])
	add("65,537 bytes", "RPKI-1", make([]byte, EvidenceBytesMax+1))
	add("65,537 bytes, well formed", "RPKI-1", b.large(EvidenceBytesMax+1))
	e := b.copy()
	e.Certificates, e.CRLs = nil, nil
	add("no certificate", "RPKI-2", e.Bytes())
	e = b.copy()
	e.CRLs = e.CRLs[:2]
	add("a CRL missing", "RPKI-2", e.Bytes())
	e = b.copy()
	e.CRLs = append(e.CRLs, e.CRLs[0])
	add("a CRL nobody needs", "RPKI-2", e.Bytes())
	e = b.copy()
	e.Certificates = append(e.Certificates, e.Certificates[0])
	add("a certificate nobody needs", "RPKI-2", e.Bytes())
	e = b.copy()
	for len(e.Certificates) < 9 {
		e.Certificates, e.CRLs = append(e.Certificates, e.Certificates[0]), append(e.CRLs, e.CRLs[0])
	}
	add("nine certificates", "RPKI-2", e.Bytes())
	add("the list's length spelt longer", "RPKI-2", append([]byte{0xfa, 0}, good[1:]...))
	return out
}

// large is well-formed evidence of a size, its CRL padded.
func (b base) large(size int) []byte {
	e := b.copy()
	for pad := size - len(e.Bytes()); ; pad-- {
		e.CRLs[2] = append(b.crls[2][:len(b.crls[2]):len(b.crls[2])], make([]byte, pad)...)
		if raw := e.Bytes(); len(raw) <= size {
			return raw
		}
	}
}

// mutants is every bent chain, in an order that does not change.
func (b base) mutants() (out []mutant) {
	for _, some := range [][]mutant{b.containerMutants(), b.certificateMutants(), b.crlMutants(), b.messageMutants(), b.contentMutants(), b.pathMutants()} {
		out = append(out, some...)
	}
	return out
}
