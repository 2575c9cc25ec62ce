package rpki

import (
	"crypto/x509/pkix"
	"fmt"
	"testing"
)

// casLong is the CAs of the longest path there may be.
var casLong = []string{"anchor", "registry", "member", "customer", "stranger", "seventh", "eighth", "ninth"}

// longChain is a path of n CAs, the trust anchor among them, each of which
// inherits all; pad is how many bytes of entries stand on the last CRL.
func longChain(n, pad int) *Evidence {
	s := spec0()
	all := []pkix.Extension{ext3779(prefixOf("0.0.0.0/0"), prefixOf("::/0")), extAS(asRange(0, 1<<32-1))}
	inherited := []pkix.Extension{{Id: all[0].Id, Critical: true, Value: seq(seq(unhex("04020001"), derNull), seq(unhex("04020002"), derNull))}, extAS(derNull)}
	e := new(Evidence)
	for i, name := range casLong[:n] {
		issuer, extra := casLong[max(i-1, 0)], inherited
		if i == 0 {
			extra = all
		}
		e.Certificates = append(e.Certificates, certify(s, issuer, name, int64(10+i), extra))
		e.CRLs = append(e.CRLs, resign(base0().crls[0], name, crlOf(name, 0)))
	}
	last := casLong[n-1]
	e.CRLs[n-1] = resign(base0().crls[0], last, crlOf(last, pad))
	e.Checklist = signedObjectOf(certify(s, last, "signer", 99, s.ee), s.content, s.signedAt, "signer")
	return e
}

// crlOf makes the trust anchor's CRL that of another CA.
func crlOf(name string, pad int) func(tbs *node) {
	return func(tbs *node) {
		subject := tree(certify(spec0(), name, name, 1, nil)).at(0, 5)
		tbs.at(2).become(subject.bytes())
		inValue(extensionOf(tbs.at(6, 0), oidAKI), func(v *node) { v.become(seq(tlv(0x80, keyID(name)))) })
		one := seq(tlv(2, repeat(0x33, 20)), utc("260531120000Z"))
		for ; pad >= len(one); pad -= len(one) {
			tbs.at(5).kids = append(tbs.at(5).kids, &node{raw: one})
		}
	}
}

// A path is one CA to eight, no more.
func TestPathLengths_RPKI2(t *testing.T) {
	for n := 1; n <= len(casLong); n++ {
		v, err := Verify(longChain(n, 0).Bytes(), anchors0(), moment0)
		if err != nil || len(v.Path()) != n {
			t.Fatalf("%d CAs: %v", n, err)
		}
		if v.CertifiedBy(v.Path()[n-1:]) {
			t.Errorf("%d CAs: a registry's own checklist passes for a member's", n)
		}
	}
}

// Evidence of exactly as many bytes as there may be verifies, one more does not.
func TestSize_RPKI1(t *testing.T) {
	full := longChain(8, EvidenceBytesMax-len(longChain(8, 0).Bytes())-16)
	size := len(full.Bytes())
	if _, err := Verify(full.Bytes(), anchors0(), moment0); err != nil || size < EvidenceBytesMax-100 {
		t.Fatalf("%d bytes: %v", size, err)
	}
	for size, rule := range map[int]string{EvidenceBytesMax: "RPKI-2", EvidenceBytesMax + 1: "RPKI-1"} {
		if _, err := Verify(make([]byte, size), anchors0(), moment0); ruleOf(err) != rule {
			t.Errorf("%d bytes: got %v, want %s", size, err, rule)
		}
	}
}

// The bounds that the size of evidence already implies hold by themselves.
func TestBounds_RPKI9_RPKI10(t *testing.T) {
	b := base0()
	entry := seq(unhex("020105"), utc("260531120000Z"))
	for n, want := range map[int]bool{RevokedMax: true, RevokedMax + 1: false} {
		_, refusal := parseCRL(resign(b.crls[1], "registry", func(tbs *node) {
			tbs.at(5).kids = nil
			for range n {
				tbs.at(5).kids = append(tbs.at(5).kids, &node{raw: entry})
			}
		}))
		if (refusal == nil) != want {
			t.Errorf("%d entries: got %v", n, refusal)
		}
	}
	for n, want := range map[int]bool{SpansMax: true, SpansMax + 1: false} {
		var body []byte
		for i := range n {
			body = append(body, asNumber(70000+2*i)...)
		}
		var c claim
		r := newReader(tlv(0x30, body), "RPKI-9")
		r.spans(&c, 2, SpansMax, "the list")
		if r.ok() != want {
			t.Errorf("%d spans: got %v", n, r.fault.refusal)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	full := longChain(8, EvidenceBytesMax-len(longChain(8, 0).Bytes())-16).Bytes()
	usual := base0().evidence().Bytes()
	unsigned := base0().withCertificate(2, resign(base0().certificates[2], "stranger", func(*node) {})).Bytes()
	for _, c := range []struct {
		name string
		raw  []byte
		rule string
	}{{"three CAs", usual, ""}, {"eight CAs, full", full, ""}, {"a bad signature", unsigned, "RPKI-6"}} {
		b.Run(fmt.Sprintf("%s, %d bytes", c.name, len(c.raw)), func(b *testing.B) {
			anchors := anchors0()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Verify(c.raw, anchors, moment0); ruleOf(err) != c.rule {
					b.Fatal(err)
				}
			}
		})
	}
}
