package rpki

import (
	"bytes"
	"sync"
	"testing"
)

// Of two faults the one that the order of checks meets first is the verdict.
func TestOrder_RPKI18(t *testing.T) {
	b := base0()
	negative := on(becomes(unhex("0201ff")), 1)
	badMember, badRegistry := b.bendCertificate("member", negative), b.bendCertificate("registry", negative)
	badSigner := b.bendCertificate("signer", negative)
	badCRL := b.bendCRL(0, drops(0))
	unsigned := b.withCertificate(2, resign(b.certificates[2], "stranger", func(*node) {}))
	unsignedCRL := b.withCRL(0, resign(b.crls[0], "stranger", func(*node) {}))
	content := b.withContent(nil)
	unsignedMessage := b.withChecklist(cms(b.ee, b.content, oidChecklist, attributesOf(b.content, signedAt0()), keyID("signer"), "stranger"))
	revoked := spec0()
	revoked.revoked[0] = []int64{11}
	revokedRegistry := b.withCRL(0, makeChain(revoked).crls[0])
	join := func(first, second *Evidence) *Evidence {
		e := b.copy()
		for _, from := range []*Evidence{first, second} {
			if !bytes.Equal(from.Checklist, b.checklist) {
				e.Checklist = from.Checklist
			}
			for i := range e.Certificates {
				if !bytes.Equal(from.Certificates[i], b.certificates[i]) {
					e.Certificates[i] = from.Certificates[i]
				}
				if !bytes.Equal(from.CRLs[i], b.crls[i]) {
					e.CRLs[i] = from.CRLs[i]
				}
			}
		}
		return e
	}
	for _, c := range []struct {
		why           string
		first, second *Evidence
		at            uint64
		object, rule  string
	}{
		{"the signer's certificate before the registry's", badSigner, badRegistry, moment0, leafName, "RPKI-7"},
		{"the content before certificates", content, badRegistry, moment0, "checklist", "RPKI-13"},
		{"certificates from the top", badRegistry, badMember, moment0, "certificate 1", "RPKI-7"},
		{"certificates before CRLs", badMember, badCRL, moment0, "certificate 2", "RPKI-7"},
		{"form before signatures", badCRL, unsigned, moment0, "CRL 0", "RPKI-10"},
		{"certificates' signatures before CRLs'", unsigned, unsignedCRL, moment0, "certificate 2", "RPKI-6"},
		{"CRLs' signatures before the checklist's", unsignedCRL, unsignedMessage, moment0, "CRL 0", "RPKI-6"},
		{"signatures before time", unsignedMessage, unsignedMessage, 1, "checklist", "RPKI-6"},
		{"time before revocation", revokedRegistry, revokedRegistry, 1, "certificate 0", "RPKI-16"},
	} {
		_, err := Verify(join(c.first, c.second).Bytes(), anchors0(), c.at)
		if r, ok := err.(*Refusal); !ok || r.Rule != c.rule || r.Object != c.object {
			t.Errorf("%s: got %v, want %s of %s", c.why, err, c.rule, c.object)
		}
	}
}

// The same checklist under CRLs and certificates issued anew is named alike,
// and no two checklists are.
func TestNames_RPKI20(t *testing.T) {
	b := base0()
	name := func(e *Evidence) [2]any {
		v, err := Verify(e.Bytes(), anchors0(), moment0)
		if err != nil {
			t.Fatal(err)
		}
		return [2]any{v.Key(), v.Content()}
	}
	first := name(b.copy())
	again := b.bendCRL(2, drops(5))
	again.Certificates[1] = resign(b.certificates[1], "anchor", on(becomes(unhex("020163")), 1))
	if name(again) != first {
		t.Error("certificates and CRLs issued anew give another name")
	}
	if other := tree(b.content); true {
		other.at(2).drop(0)
		if name(b.withContent(other.bytes())) == first {
			t.Error("another content has the same name")
		}
	}
}

// A verdict is a function: many at once, in any order, leave the input as it is
// and agree, whatever other anchors are trusted.
func TestVerdict_RPKI21(t *testing.T) {
	raw := base0().evidence().Bytes()
	was := bytes.Clone(raw)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			anchors := anchors0()
			if i%2 == 1 {
				anchors[0], anchors[1] = anchors[1], anchors[0]
			}
			if i%4 == 2 {
				anchors = append(anchors, nil, []byte{0x30})
			}
			v, err := Verify(raw, anchors, moment0)
			if err != nil || v.SignedAt() != moment0-3600 {
				t.Errorf("got %v", err)
			}
			_, err = Verify(raw, anchors[:0], moment0)
			if ruleOf(err) != "RPKI-14" {
				t.Errorf("without anchors: got %v", err)
			}
		})
	}
	wg.Wait()
	if !bytes.Equal(raw, was) {
		t.Error("the evidence was changed")
	}
}
