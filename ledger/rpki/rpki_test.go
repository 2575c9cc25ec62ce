package rpki

import (
	"crypto/sha256"
	"crypto/x509/pkix"
	"fmt"
	"testing"

	"ipledger/ledger/wire"
)

func TestVerify_RPKI19(t *testing.T) {
	c := makeChain(spec0())
	v, err := Verify(c.evidence().Bytes(), anchors0(), moment0)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(v.Resources().Blocks()), "[60.0.4.0/22 2a00:1::/32 AS4200 AS4210-AS4211 AS4212-AS4215 AS4216-AS4219]"; got != want {
		t.Errorf("it speaks for %v, want %v", got, want)
	}
	var path []wire.Hash
	for _, name := range casOfChain {
		path = append(path, sha256.Sum256(publicBytes(name)))
	}
	if fmt.Sprint(v.Path()) != fmt.Sprint(path) || v.Key() != sha256.Sum256(publicBytes("signer")) {
		t.Errorf("path %v, key %v", v.Path(), v.Key())
	}
	if v.SignedAt() != moment0-3600 || v.Content() != sha256.Sum256(c.content) || len(v.Files()) != 2 {
		t.Errorf("signed at %d, content %v, files %v", v.SignedAt(), v.Content(), v.Files())
	}
	for name, got := range map[string]bool{
		"directly under the registry":         v.CertifiedBy(path[1:2]),
		"of a list of several":                v.CertifiedBy([]wire.Hash{{1}, path[1]}),
		"not two steps above":                 !v.CertifiedBy(path[:1]),
		"not by a registry as the last":       !v.CertifiedBy(path[1:]),
		"not under an empty list":             !v.CertifiedBy(nil),
		"not by a CA without one above":       !(&Verified{path: path[:1]}).CertifiedBy(path),
		"with another registry between":       (&Verified{path: []wire.Hash{path[0], {7}, path[1], path[2]}}).CertifiedBy([]wire.Hash{{7}, path[1]}),
		"by a trust anchor on the list":       (&Verified{path: path[1:]}).CertifiedBy(path[1:2]),
		"not below a CA that is none of them": !(&Verified{path: []wire.Hash{path[0], {7}, path[1], path[2]}}).CertifiedBy(path[1:2]),
	} {
		if !got {
			t.Errorf("certified %s: wrong", name)
		}
	}
}

// A customer of the member certifies another registry's key as its own CA and
// names it as that registry is named. A member of that registry whose certificate
// inherits then has the customer's numbers under a registry CA's key: the path
// verifies, and is nobody's own.
func TestBorrowedRegistry_RPKI19(t *testing.T) {
	s := spec0()
	e := base0().copy()
	inherit := []pkix.Extension{{Id: s.member[0].Id, Critical: true, Value: seq(seq(unhex("04020001"), derNull), seq(unhex("04020002"), derNull))}, extAS(derNull)}
	for i, name := range []string{"stranger", "seventh"} { // a registry, and its member
		e.Certificates = append(e.Certificates, certify(s, []string{"member", "stranger"}[i], name, int64(20+i), inherit))
		e.CRLs = append(e.CRLs, resign(base0().crls[0], name, crlOf(name, 0)))
	}
	e.Checklist = signedObjectOf(certify(s, "seventh", "signer", 30, s.ee), s.content, s.signedAt, "signer")
	v, err := Verify(e.Bytes(), anchors0(), moment0)
	if err != nil {
		t.Fatal(err)
	}
	registries := []wire.Hash{sha256.Sum256(publicBytes("registry")), sha256.Sum256(publicBytes("stranger"))}
	if v.Path()[3] != registries[1] || v.CertifiedBy(registries) {
		t.Errorf("path %v passes for a member's own", v.Path())
	}
}
