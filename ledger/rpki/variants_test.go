package rpki

import (
	"crypto/x509/pkix"
	"testing"
	"time"
)

// variants are chains that differ from the first and are good: what the profile
// leaves open.
func (b base) variants() (out []mutant) {
	add := func(why string, e *Evidence) { out = append(out, mutant{why: why, evidence: e}) }
	built := func(why string, change func(s *chainSpec)) {
		s := spec0()
		change(&s)
		add(why, makeChain(s).evidence())
	}
	add("the chain as it is", b.copy())
	add("the trust anchor names itself by its key identifier", b.bendCertificate("anchor", func(n *node) {
		certificateExtensions(n).insert(0, &node{raw: seq(oidAKI, tlv(4, seq(tlv(0x80, keyID("anchor")))))})
	}))
	add("extensions in another order", b.bendCertificate("member", func(n *node) { l := certificateExtensions(n); l.swap(0, len(l.kids)-1) }))
	add("a CRL's extensions in the other order", b.bendCRL(1, func(n *node) { n.at(6, 0).swap(0, 1) }))
	add("a CRL without entries", b.bendCRL(1, drops(5)))
	add("a CRL that names a serial number twice", b.bendCRL(1, on(double, 5)))
	add("a serial number of 20 bytes", b.bendCertificate("member", on(becomes(tlv(2, repeat(0x7f, 20))), 1)))
	add("validity through the year 9999", b.bendCertificate("member", on(becomes(seq(utc("260531120000Z"), generalized("99991231235959Z"))), 4)))
	add("a practice statement of the member", b.bendCertificate("member", setValue(oidPolicies, seq(seq(oidPolicy, seq(seq(oidCPS, tlv(0x16, []byte("https://h/cps")))))))))
	add("access by HTTPS beside rsync", b.bendCertificate("member", inExtension(oidIssuerAccess, func(v *node) { v.insert(0, &node{raw: seq(oidCAIssuers, uriValue("https://h/c.cer"))}) })))
	add("the signer's signature named sha256WithRSAEncryption", b.withChecklist(b.named(algSHA256WithRSA)))
	add("the names of the member in one set", b.oneSet())
	add("NULL behind SHA-256 in the message", b.withChecklist(b.nullDigests()))
	built("NULL behind SHA-256 in the content", func(s *chainSpec) {
		n := tree(s.content)
		n.at(1).become(algSHA256Null)
		s.content = n.bytes()
	})
	built("revocations of other certificates", func(s *chainSpec) { s.revoked = [3][]int64{{12, 13}, {11, 13}, {11, 12}} })
	built("the registry inherits everything", func(s *chainSpec) {
		s.registry = []pkix.Extension{{Id: s.registry[0].Id, Critical: true, Value: seq(seq(unhex("04020001"), derNull), seq(unhex("04020002"), derNull))}, extAS(derNull)}
	})
	built("addresses alone", func(s *chainSpec) {
		s.ee = s.ee[:1]
		n := tree(s.content)
		n.at(0).drop(0)
		s.content = n.bytes()
	})
	built("AS numbers alone", func(s *chainSpec) {
		s.ee = s.ee[1:]
		n := tree(s.content)
		n.at(0).drop(1)
		s.content = n.bytes()
	})
	built("a range of the signer's", func(s *chainSpec) { s.ee[0] = ext3779(rangeOf("60.0.4.0/22", "60.0.8.0/24"), prefixOf("2a00:1::/32")) })
	built("signed long before", func(s *chainSpec) { s.signedAt = time.Unix(86400, 0).UTC() })
	return out
}

// named is the checklist with another algorithm of its signature.
func (b base) named(algorithm []byte) []byte {
	n := tree(b.checklist)
	n.at(1, 0, 4, 0, 4).become(algorithm)
	return n.bytes()
}

// nullDigests is the checklist with SHA-256 spelt the other way outside what is signed.
func (b base) nullDigests() []byte {
	n := tree(b.checklist)
	n.at(1, 0, 1, 0).become(algSHA256Null)
	n.at(1, 0, 4, 0, 2).become(algSHA256Null)
	return n.bytes()
}

// oneSet is the chain with the member's two names in one set, wherever it is named.
func (b base) oneSet() *Evidence {
	set := setOf(seq(oidSerialNumber, tlv(0x13, []byte("A91E170B"))), seq(oidCommonName, tlv(0x13, []byte("test member"))))
	name := seq(set)
	e := b.withSigner(resign(b.ee, "member", on(becomes(name), 3)))
	e.Certificates[2] = resign(b.certificates[2], "registry", on(becomes(name), 5))
	e.CRLs[2] = resign(b.crls[2], "member", on(becomes(name), 2))
	return e
}

func TestVariants_RPKI7_RPKI8_RPKI9_RPKI10(t *testing.T) {
	b := base0()
	for _, m := range b.variants() {
		if _, err := Verify(m.bytes(), anchors0(), moment0); err != nil {
			t.Errorf("%s: %v", m.why, err)
		}
	}
}
