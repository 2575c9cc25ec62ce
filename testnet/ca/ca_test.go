package ca

import (
	"errors"
	"testing"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/rpki"
	"ipledger/ledger/wire"
)

func blocks(t *testing.T, texts ...string) (out []wire.Resource) {
	t.Helper()
	for _, text := range texts {
		r, err := inr.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// What is made here verifies, shows what it was made with, and fails once the
// holder's CA is revoked.
func TestEvidence_RPKI14_RPKI17_RPKI19(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	term := Term{now.Add(-time.Hour), now.Add(24 * time.Hour)}
	anchor := must(Anchor("anchor", term))
	registry := must(anchor.Certify("registry", blocks(t, "60.0.0.0/8", "2a00::/12", "AS64-AS127"), term))
	member := must(registry.Certify("member", blocks(t, "60.1.0.0/16", "2a00:1::/32", "AS100"), term))
	s := rpki.Statement{Chain: wire.Hash{1}, Account: wire.Address{2}, Block: blocks(t, "60.1.0.0/17")[0], Expiry: uint64(now.Unix()) + 60}
	holds := blocks(t, "2a00:1::/33", "AS100", "60.1.0.0/17")
	e := must(member.Evidence([]rpki.Statement{s}, holds, now, term))
	key := must(anchor.Key())
	v, err := rpki.Verify(e.Bytes(), [][]byte{key}, uint64(now.Unix()))
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Supports(&s, uint64(now.Unix())); err != nil {
		t.Error(err)
	}
	if got := v.Resources().Blocks(); len(got) != 3 || got[0] != holds[2] || got[1] != holds[0] || got[2] != holds[1] {
		t.Errorf("it speaks for %v, want %v", got, holds)
	}
	if !v.CertifiedBy([]wire.Hash{must(rpki.Fingerprint(must(registry.Key())))}) {
		t.Error("the registry certified the member directly")
	}
	registry.Revoke(member)
	e = must(member.Evidence([]rpki.Statement{s}, holds, now, term))
	var refusal *rpki.Refusal
	if _, err = rpki.Verify(e.Bytes(), [][]byte{key}, uint64(now.Unix())); !errors.As(err, &refusal) || refusal.Rule != "RPKI-17" {
		t.Errorf("after its revocation: %v, want RPKI-17", err)
	}
}
