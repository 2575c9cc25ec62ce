package audit_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/archive"
	"ipledger/ledger/audit"
	"ipledger/ledger/audit/mint"
	"ipledger/ledger/chain"
	"ipledger/ledger/genesis"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

const (
	admittedAt = 3 // ledger block in which a fifth member is admitted
	newRulesAt = 8 // first header under version 2
)

func operator(i int) string { return fmt.Sprintf("operator %d", i) }

// memberKey is the validator key of the i-th member, there or to come.
func memberKey(i int) (key wire.Hash) {
	copy(key[:], mint.MemberKey(i).Public().(ed25519.PublicKey))
	return key
}

// assembly is a chain whose members admit a fifth and put new rules in force.
func assembly(t *testing.T, plant func(c *mint.Chain, height uint64)) (*mint.Chain, []*archive.Block) {
	t.Helper()
	in := mint.Input(mint.Holder{Name: "ann"})
	in.Holdings.Parameters = append(in.Holdings.Parameters, genesis.Override{Name: "upgrade_seconds"})
	for i := range in.Members.List {
		key := account.Key{Alg: account.Secp256k1, Addr: account.AddressOf(&mint.HolderKey(operator(i)).PublicKey)}
		in.Members.List[i].TitleKeys = []string{key.String()}
	}
	c, err := mint.New(in)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []*archive.Block
	extend := func(raws ...[]byte) {
		t.Helper()
		c.Lie = nil
		if plant != nil {
			plant(c, c.Last.Header.Height+1)
		}
		b, err := c.Extend(1, raws...)
		if err != nil {
			t.Fatal(err)
		}
		blocks = append(blocks, b)
	}
	carry := func(p *tx.Propose) {
		t.Helper()
		p.As = memberKey(0)
		raw, id := c.Sign(operator(0), p)
		extend(raw)
		var votes [][]byte
		for i := range 4 {
			raw, _ := c.Sign(operator(i), &tx.Vote{Proposal: id, As: memberKey(i), Yes: true})
			votes = append(votes, raw)
		}
		extend(votes...)
	}
	extend()
	carry(&tx.Propose{Matter: uint64(record.AdmitMember), Key: memberKey(4), Subject: c.ID("ann"), Name: operator(4),
		Organisation: "organisation 4", Jurisdiction: "DE", Hosting: "AS64600"})
	extend()
	carry(&tx.Propose{Matter: uint64(record.Upgrade), Value: 2, Height: 1})
	for range 4 {
		extend()
	}
	return c, blocks
}

// TestGoverned_AUD2_AUD3 follows members and rules that votes changed, and finds each
// header that says otherwise, though all members signed it.
func TestGoverned_AUD2_AUD3(t *testing.T) {
	c, blocks := assembly(t, nil)
	if _, err := run(t, c, blocks); err != nil {
		t.Fatal(err)
	}
	for i, b := range blocks {
		h := &b.Header
		if want := 4 + b2i(h.Height >= admittedAt+2); len(b.Set) != want || h.Version.App != uint64(1+b2i(h.Height >= newRulesAt)) {
			t.Errorf("block %d: %d validators, want %d; rules version %d", i+1, len(b.Set), want, h.Version.App)
		}
	}
	four := blocks[0].Set.Hash()
	for _, l := range []struct {
		why         string
		at          uint64
		lie         func(*chain.Header)
		asked, rule string
	}{
		{"a member admitted whom the set leaves out", admittedAt + 1, func(h *chain.Header) { h.NextValidatorsHash = four }, "AUD-3", "GOV-21"},
		{"a member in the set before it was admitted", admittedAt, func(h *chain.Header) { h.NextValidatorsHash = blocks[9].Set.Hash() }, "AUD-3", "GOV-21"},
		{"new rules before their height", newRulesAt - 1, func(h *chain.Header) { h.Version.App = 2 }, "AUD-2", "GOV-10"},
		{"old rules after that", newRulesAt, func(h *chain.Header) { h.Version.App = 1 }, "AUD-2", "GOV-10"},
		{"rules that nobody voted", newRulesAt + 1, func(h *chain.Header) { h.Version.App = 3 }, "AUD-2", "GOV-10"},
	} {
		t.Run(l.why, func(t *testing.T) {
			c, blocks := assembly(t, func(c *mint.Chain, height uint64) {
				if height == l.at {
					c.Lie = l.lie
				}
			})
			_, err := run(t, c, blocks)
			var f *audit.Finding
			if !errors.As(err, &f) || f.Height != l.at || f.Asked != l.asked || f.Rule != l.rule || !f.Signed {
				t.Errorf("found %v; want block %d, %s, %s, signed by the members", err, l.at, l.asked, l.rule)
			}
		})
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
