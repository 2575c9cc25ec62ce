package rpki

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// The chain of the tests is made with the standard library's certificates: a
// trust anchor, a registry CA, a member CA and the end entity of a checklist.

// moment0 is when the test chain is looked at; noon of 1 June 2026, UTC.
const moment0 = 1780315200

// chainSpec is what the test chain says.
type chainSpec struct {
	from, to, signedAt   time.Time // of every certificate and CRL; of the checklist
	registry, member, ee []pkix.Extension
	content              []byte
	revoked              [3][]int64 // serial numbers, by CA
}

// chain is the objects of the test chain, and what made them.
type chain struct {
	certificates, crls [3][]byte
	ee, content        []byte
	checklist          []byte
}

var casOfChain = [3]string{"anchor", "registry", "member"}

func (c *chain) evidence() *Evidence {
	return &Evidence{Checklist: c.checklist, Certificates: c.certificates[:], CRLs: c.crls[:]}
}

// statement0 is what the test chain's checklist signs.
func statement0() *Statement {
	block, err := inr.Parse("60.0.4.0/22")
	if err != nil {
		panic(err)
	}
	return &Statement{Chain: wire.Hash{0xc0, 1}, Account: wire.Address{0xac, 2}, Block: block, Expiry: moment0 + 30*86400}
}

// spec0 is the test chain as it should be: the registry holds 60/8, 2a00::/12
// and AS 1 to 65000, the member a part of that and the registry's AS numbers,
// the signer a part of the member's.
func spec0() chainSpec {
	at := time.Unix(moment0, 0).UTC()
	return chainSpec{
		from: at.Add(-24 * time.Hour), to: at.Add(24 * time.Hour), signedAt: at.Add(-time.Hour),
		registry: []pkix.Extension{ext3779(prefixOf("60.0.0.0/8"), prefixOf("2a00::/12")), extAS(asRange(1, 65000))},
		member:   []pkix.Extension{ext3779(append(prefixOf("60.0.0.0/16"), rangeOf("60.2.0.0/15", "60.4.0.0/16")...), prefixOf("2a00:1::/32")), extAS(asn1.NullBytes)},
		ee:       []pkix.Extension{ext3779(prefixOf("60.0.4.0/22"), prefixOf("2a00:1::/32")), extAS(list(0x30, asNumber(4200), asRangeBody(4210, 4219)))},
		content:  content0(),
	}
}

// content0 is the checklist: 60.0.4.0/22, 2a00:1::/32, AS 4200 and 4210 to 4219.
func content0() []byte {
	other := sha256.Sum256([]byte("another file"))
	s := statement0()
	mine := sha256.Sum256(s.Bytes())
	return contentOf(
		list(0xa0, seq(list(0xa0, list(0x30, asNumber(4200), asRangeBody(4210, 4219))))),
		list(0xa1, seq(familyOf(1, prefixOf("60.0.4.0/22")), familyOf(2, prefixOf("2a00:1::/32")))),
		fileOf("", other[:]), fileOf(s.FileName(), mine[:]))
}

func contentOf(as, ip []byte, files ...[]byte) []byte {
	return seq(seq(as, ip), algSHA256, seq(files...))
}

func fileOf(name string, digest []byte) []byte {
	if name == "" {
		return seq(tlv(0x04, digest))
	}
	return seq(tlv(0x16, []byte(name)), tlv(0x04, digest))
}

func prefixOf(text string) []byte {
	r := block(text)
	first, _ := inr.Ends(r)
	return bitsOf(first, int(r.Len))
}

func block(text string) wire.Resource {
	r, err := inr.Parse(text)
	if err != nil {
		panic(err)
	}
	return r
}

// rangeOf is the range from the start of one prefix to the end of another.
func rangeOf(from, to string) []byte {
	first, _ := inr.Ends(block(from))
	_, last := inr.Ends(block(to))
	width := block(from).Family.Bits()
	low, high := width, width
	for low > 0 && first[(low-1)/8]>>(7-(low-1)%8)&1 == 0 {
		low--
	}
	for high > 0 && last[(high-1)/8]>>(7-(high-1)%8)&1 == 1 {
		high--
	}
	return seq(bitsOf(first, low), bitsOf(last, high))
}

// bitsOf is the first n bits of a number as a BIT STRING, by the standard library.
func bitsOf(number [16]byte, n int) []byte {
	out := asn1.BitString{Bytes: append([]byte(nil), number[:(n+7)/8]...), BitLength: n}
	if n%8 != 0 {
		out.Bytes[n/8] &= 0xff << (8 - n%8)
	}
	return must(asn1.Marshal(out))
}

func familyOf(afi byte, spans []byte) []byte {
	return seq(tlv(0x04, []byte{0, afi}), tlv(0x30, spans))
}

// ext3779 is the extension of addresses; a family of nil does not stand.
func ext3779(v4, v6 []byte) pkix.Extension {
	var families [][]byte
	for i, spans := range [][]byte{v4, v6} {
		if spans != nil {
			families = append(families, familyOf(byte(i+1), spans))
		}
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 7}, Critical: true, Value: seq(families...)}
}

// extAS is the extension of AS numbers around a choice.
func extAS(choice []byte) pkix.Extension {
	return pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 8}, Critical: true, Value: seq(list(0xa0, choice))}
}

func asNumber(n int) []byte { return must(asn1.Marshal(n)) }

func asRangeBody(a, b int) []byte { return seq(asNumber(a), asNumber(b)) }

func asRange(a, b int) []byte { return seq(asRangeBody(a, b)) }

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// makeChain makes every object that s says.
func makeChain(s chainSpec) *chain {
	c := &chain{content: s.content}
	all := []pkix.Extension{ext3779(prefixOf("0.0.0.0/0"), prefixOf("::/0")), extAS(asRange(0, 1<<32-1))}
	for i, extra := range [][]pkix.Extension{all, s.registry, s.member} {
		c.certificates[i] = certify(s, casOfChain[max(i-1, 0)], casOfChain[i], int64(10+i), extra)
		c.crls[i] = revocations(s, i, c.certificates[i])
	}
	c.ee = certify(s, "member", "signer", 13, s.ee)
	c.checklist = signedObjectOf(c.ee, c.content, s.signedAt, "signer")
	return c
}

// certify makes a certificate: of a trust anchor, a CA, or the signer.
func certify(s chainSpec, issuer, subject string, serial int64, extra []pkix.Extension) []byte {
	t := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: nameOf(subject), NotBefore: s.from, NotAfter: s.to,
		SignatureAlgorithm: x509.SHA256WithRSA, SubjectKeyId: keyID(subject), ExtraExtensions: append(policyAndAccess(subject), extra...),
	}
	parent := &x509.Certificate{Subject: nameOf(issuer), SubjectKeyId: keyID(issuer)}
	if subject == "signer" {
		t.KeyUsage = x509.KeyUsageDigitalSignature
	} else {
		t.KeyUsage, t.IsCA, t.BasicConstraintsValid = x509.KeyUsageCertSign|x509.KeyUsageCRLSign, true, true
	}
	if issuer != subject {
		t.IssuingCertificateURL = []string{place(issuer, "cer")}
		t.CRLDistributionPoints = []string{place(issuer, "crl")}
	} else {
		parent = t
	}
	return must(x509.CreateCertificate(nil, t, parent, &testKeys()[subject].PublicKey, testKeys()[issuer]))
}

func nameOf(subject string) pkix.Name {
	n := pkix.Name{CommonName: "test " + subject}
	if subject == "member" {
		n.SerialNumber = "A91E170B"
	}
	return n
}

// keyID is the SHA-1 of a key's bit string.
func keyID(subject string) []byte {
	sum := sha1.Sum(x509.MarshalPKCS1PublicKey(&testKeys()[subject].PublicKey))
	return sum[:]
}

// place is where an object of the test chain would be published.
func place(ca, suffix string) string { return "rsync://rpki.example.net/repo/" + ca + "." + suffix }

func policyAndAccess(subject string) []pkix.Extension {
	policy := seq(seq(oidPolicy))
	if subject == "registry" {
		policy = seq(seq(oidPolicy, seq(seq(oidCPS, tlv(0x16, []byte("https://rpki.example.net/cps"))))))
	}
	out := []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 32}, Critical: true, Value: policy}}
	if subject == "signer" {
		return out
	}
	access := seq(
		seq(oidCARepository, tlv(0x86, []byte("rsync://rpki.example.net/repo/"))),
		seq(oidManifest, tlv(0x86, []byte(place(subject, "mft")))),
		seq(oidNotify, tlv(0x86, []byte("https://rpki.example.net/notification.xml"))))
	return append(out, pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 11}, Value: access})
}

// revocations makes the CRL of the CA in a place.
func revocations(s chainSpec, i int, issuer []byte) []byte {
	t := &x509.RevocationList{SignatureAlgorithm: x509.SHA256WithRSA, Number: big.NewInt(7), ThisUpdate: s.from, NextUpdate: s.to}
	for _, serial := range append([]int64{999, 1000}, s.revoked[i]...) {
		t.RevokedCertificateEntries = append(t.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: big.NewInt(serial), RevocationTime: s.from})
	}
	return must(x509.CreateRevocationList(nil, t, must(x509.ParseCertificate(issuer)), testKeys()[casOfChain[i]]))
}

// signedObjectOf is the CMS around a content, by the key named.
func signedObjectOf(ee, content []byte, at time.Time, by string) []byte {
	return cms(ee, content, oidChecklist, attributesOf(content, at), keyID(by), by)
}

// attributesOf is the signed attributes as a SET.
func attributesOf(content []byte, at time.Time) []byte {
	sum := sha256.Sum256(content)
	return setOf(
		seq(oidContentType, setOf(oidChecklist)),
		seq(oidSigningTime, setOf(must(asn1.Marshal(at)))),
		seq(oidMessageDigest, setOf(tlv(0x04, sum[:]))))
}

// cms is ContentInfo around one signer.
func cms(ee, content, kind, attributes, signer []byte, by string) []byte {
	inContext := append([]byte{0xa0}, attributes[1:]...)
	info := seq(version3, tlv(0x80, signer), algSHA256, inContext, algRSA, tlv(0x04, sign(by, attributes)))
	data := seq(version3, setOf(algSHA256), seq(kind, list(0xa0, tlv(0x04, content))), list(0xa0, ee), setOf(info))
	return seq(oidSignedData, list(0xa0, data))
}

// anchors0 is the trust anchors of the tests.
func anchors0() [][]byte { return [][]byte{publicBytes("stranger"), publicBytes("anchor")} }
