package rpki

import (
	"crypto/sha256"
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
		"directly under the registry":   v.CertifiedBy(path[1:2]),
		"of a list of several":          v.CertifiedBy([]wire.Hash{{1}, path[1]}),
		"not two steps above":           !v.CertifiedBy(path[:1]),
		"not by a registry as the last": !v.CertifiedBy(path[1:]),
		"not under an empty list":       !v.CertifiedBy(nil),
		"not by a CA without one above": !(&Verified{path: path[:1]}).CertifiedBy(path),
	} {
		if !got {
			t.Errorf("certified %s: wrong", name)
		}
	}
}
