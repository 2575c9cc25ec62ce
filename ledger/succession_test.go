package ledger_test

import (
	"crypto/ecdsa"
	"slices"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func (w *world) succession(name, block, from string, registrars ...string) wire.Hash {
	id := w.do(name, &tx.Succession{Resource: resource(block), Subject: who(from), Documents: wire.Hash{3}})
	for _, r := range registrars {
		w.attest(r, id)
	}
	return id
}

// A dissolved holder's title goes on with everything that lies on it.
func TestSuccession_CLAIM22_CLAIM24_R5_R9(t *testing.T) {
	w := claims(t)
	block := resource("61.0.0.0/16")
	id := w.do("dan", &tx.ChargePropose{Resource: block, To: who("cat"), Law: "l", Longest: 9000, Value: w.value("61.0.0.0/16"), Until: w.last.Time + 90})
	w.do("cat", &tx.ChargeAccept{Offer: id, Resource: block, Value: w.value("61.0.0.0/16")})
	w.grant("dan", "ben", "61.0.16.0/20", true)
	w.originate("dan", "61.0.0.0/20", 24, 2001)
	w.refused("CLAIM-22", "ana", &tx.Succession{Resource: block, Subject: who("ben"), Documents: wire.Hash{3}})
	w.refused("CLAIM-5", "ana", &tx.Succession{Resource: resource("61.0.0.0/17"), Subject: who("dan"), Documents: wire.Hash{3}})
	s := w.succession("ana", "61.0.0.0/16", "dan", "reg1")
	w.refused("CLAIM-10", "reg4", w.attestation(s))
	w.attest("reg2", s)
	other := w.succession("ben", "61.0.0.0/16", "dan", "reg1")
	w.refused("CLAIM-22", "reg2", w.attestation(other))
	w.refused("CLAIM-29", "dan", &tx.Split{Resource: block, Part: resource("61.0.0.0/20")})
	w.wantAgainst("61.0.0.0/16", "4 at 61.0.0.0/16")
	w.later(succeeds)
	title := w.wantTitle("61.0.0.0/16", "ana", record.GradeT)
	if len(title.Basis) != 2 || w.account("ana").Holdings != (account.Holdings{V4: 256}) || w.account("dan").Holdings != (account.Holdings{}) {
		t.Errorf("the title is %+v", title)
	}
	charges, err := record.ChargesFromBytes(w.folio("61.0.0.0/16").Charges)
	if err != nil || len(charges) != 1 || charges[0].Lender != who("cat") {
		t.Errorf("the charges are %+v, %v", charges, err)
	}
	if e := w.estates("61.0.16.0/20"); len(e) != 1 || e[0].Holder != who("ben") {
		t.Errorf("the grant is %+v", e)
	}
	origins, err := record.OriginsFromBytes(w.folio("61.0.0.0/20").Authorisations)
	if err != nil || len(origins) != 1 || origins[0].Holder != who("ana") {
		t.Errorf("the authorisations are %+v, %v", origins, err)
	}
}

// One title key of the holder is enough to say that it is not dissolved, whatever
// its threshold, even while a recovery that it vetoed runs.
func TestVeto_CLAIM23_ADM3(t *testing.T) {
	w := claims(t)
	s := w.succession("ana", "61.0.0.0/16", "dan", "reg1", "reg2")
	w.change("dan", func(a *account.Account) {
		a.Policy.TitleKeys, a.Policy.TitleK = keysOf("dan", "dan 2", "dan 3"), 3
	})
	w.refused("CLAIM-23", "ben", &tx.SuccessionVeto{Succession: s})
	_, second := identity("dan 2")
	veto := func(keys ...*ecdsa.PrivateKey) tx.Verified {
		return w.signWith(tx.Header{Author: who("dan"), Policy: 1, Number: w.account("dan").Lanes[0], Expires: w.last.Time + 900, Rules: 1}, &tx.SuccessionVeto{Succession: s}, keys...)
	}
	both := []*ecdsa.PrivateKey{w.keys[who("dan")], second}
	slices.SortFunc(both, func(x, y *ecdsa.PrivateKey) int {
		a, b := account.AddressOf(&x.PublicKey), account.AddressOf(&y.PublicKey)
		return slices.Compare(a[:], b[:])
	})
	w.inadmissible("ADM-3", veto(both...))
	frozen := *w
	frozen.change("dan", func(a *account.Account) { a.Recovery = account.Vetoed })
	r, err := ledger.Apply(frozen.state, w.last, w.header(1), []tx.Verified{veto(second)}, nil)
	if err != nil || r.Receipts[0].Outcome != ledger.Done {
		t.Fatalf("while a vetoed recovery runs: %+v, %v", r.Receipts, err)
	}
	if r := w.block(1, veto(second)).Receipts[0]; r.Outcome != 0 {
		t.Fatalf("%+v", r)
	}
	w.later(succeeds)
	w.wantTitle("61.0.0.0/16", "dan", record.GradeT)
	if w.claimOf(s) != nil {
		t.Error("the succession is open")
	}
}

// A holder that deals in its title is not dissolved.
func TestHolderMoves_CLAIM24(t *testing.T) {
	w := claims(t)
	w.succession("ana", "61.0.0.0/16", "dan", "reg1", "reg2")
	w.transfer("dan", "ben", "61.0.0.0/16", true)
	w.later(succeeds)
	w.wantTitle("61.0.0.0/16", "ben", record.GradeT)
	w.wantAgainst("61.0.0.0/16")
}

func TestNames_CLAIM25_CLAIM9(t *testing.T) {
	w := claims(t)
	body := &tx.NameAttest{Subject: who("ana"), Name: "ana", Jurisdiction: "NL", Documents: wire.Hash{6}}
	w.refused("CLAIM-9", "ben", body)
	w.refused("CLAIM-9", "reg1", &tx.NameAttest{Subject: who("reg1"), Name: "reg1", Jurisdiction: "NL", Documents: wire.Hash{6}})
	w.refused("CLAIM-25", "reg1", &tx.NameAttest{Subject: who("ana"), Name: "Ana", Jurisdiction: "NL", Documents: wire.Hash{6}})
	w.do("reg1", body)
	if a := w.account("ana").Attested; len(a) != 1 || a[0] != (account.Attested{By: who("reg1"), Documents: wire.Hash{6}, At: w.last.Time}) {
		t.Errorf("attested: %+v", a)
	}
	w.do("ana", &tx.Rename{Name: "Ana's", Jurisdiction: "NL"})
	if a := w.account("ana").Attested; len(a) != 0 {
		t.Errorf("a new name is attested by %+v", a)
	}
}
