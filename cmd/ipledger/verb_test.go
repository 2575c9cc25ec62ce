package main

import (
	"strings"
	"testing"

	"ipledger/cmd/examples"
	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func TestArgsOf(t *testing.T) {
	for _, c := range []struct {
		use        string
		least, ok  int
		most, over int
	}{
		{"split RESOURCE PART", 1, 2, 2, 3}, {"notice RESOURCE [LEASE]", 0, 1, 2, 3}, {"set ASNUMBER [PROVIDER...]", 0, 1, 9, -1}, {"guardians [GUARDIAN...]", -1, 0, 9, -1},
	} {
		check := argsOf(c.use)
		for n, want := range map[int]bool{c.least: false, c.ok: true, c.most: true, c.over: false} {
			if n < 0 {
				continue
			}
			if err := check(nil, make([]string, n)); (err == nil) != want {
				t.Errorf("%s with %d arguments: %v", c.use, n, err)
			}
		}
	}
}

// TestNextSteps: whatever was done, the next command is told, and it is one.
func TestNextSteps(t *testing.T) {
	block, err := inr.Parse("193.0.8.0/24")
	if err != nil {
		t.Fatal(err)
	}
	s := &session{book: &book{}}
	for _, body := range []tx.Body{
		&tx.OpenAccount{}, &tx.SetPolicy{}, &tx.SetDelay{}, &tx.SetGuardians{}, &tx.Rename{}, &tx.RecoveryStart{}, &tx.RecoveryVeto{}, &tx.RecoveryFinish{}, &tx.RecoveryProve{Resource: block},
		&tx.KeyRevoke{}, &tx.SetProvider{}, &tx.TransferOffer{Resource: block}, &tx.TransferAccept{Resource: block}, &tx.Split{Resource: block, Part: block},
		&tx.Merge{Resource: block}, &tx.TransferRelease{Resource: block}, &tx.Surrender{Resource: block}, &tx.List{Resource: block},
		&tx.GrantOffer{Resource: block}, &tx.GrantAccept{Resource: block}, &tx.GrantNotice{Resource: block}, &tx.GrantGiveUp{Resource: block}, &tx.NoticeWithdraw{Resource: block},
		&tx.LeaseOffer{Resource: block}, &tx.LeaseAccept{Resource: block}, &tx.LeaseRenew{Resource: block}, &tx.LeaseNotice{Resource: block},
		&tx.LeaseEnd{Resource: block}, &tx.LeaseAssign{Resource: block}, &tx.LeaseConsent{Resource: block}, &tx.LeaseSuspend{Resource: block}, &tx.LeaseAnswer{Resource: block},
		&tx.ChargePropose{Resource: block}, &tx.ChargeAccept{Resource: block}, &tx.ChargeConsent{Resource: block}, &tx.ChargeRelease{Resource: block},
		&tx.ChargeEnforce{Resource: block}, &tx.ChargeContest{Resource: block}, &tx.ChargeRedeem{Resource: block},
		&tx.OriginAuthorise{Resource: block}, &tx.OriginWithdraw{Resource: block}, &tx.ProvidersAuthorise{Resource: block}, &tx.ReverseSet{Resource: block},
		&tx.GeofeedSet{Resource: block}, &tx.ContactsSet{Resource: block}, &tx.ContactsErase{Resource: block},
		&tx.Caution{Resource: block}, &tx.CautionAnswer{Resource: block}, &tx.CaseDecide{}, &tx.CaseAppeal{Resource: block}, &tx.OrderRecord{Resource: block},
		&tx.OrderStatus{}, &tx.Restrict{Resource: block}, &tx.Lift{Resource: block}, &tx.OrderConfirm{}, &tx.ForumSet{Resource: block},
		&tx.Claim{Resource: block}, &tx.ClaimObject{Resource: block}, &tx.ClaimAttest{}, &tx.AttestRefuse{}, &tx.ProveAgain{Resource: block}, &tx.ClaimAnswer{},
		&tx.Succession{Resource: block}, &tx.NameAttest{}, &tx.Evidence{}, &tx.Propose{}, &tx.Vote{}, &tx.Petition{}, &tx.SourceAttest{Registry: "arin"}, &tx.SourceStatement{Registry: "arin"},
	} {
		next := s.nextSteps(body, &actAnswer{ID: wire.Hash{1}, Author: party{wire.Address{2}}})
		if len(next) == 0 {
			t.Errorf("nothing follows %v", body.Kind())
		}
		for _, line := range next {
			words := examples.Lines(line, "ipledger")
			if len(words) != 1 {
				t.Errorf("%v: %q is no command", body.Kind(), line)
			} else if err := examples.Parses(newRoot(new(session)), words[0]); err != nil {
				t.Errorf("%v: %v", body.Kind(), err)
			}
		}
	}
	if next := s.nextSteps(&tx.OfferCancel{}, &actAnswer{}); len(next) != 0 {
		t.Errorf("after a cancellation: %v", next)
	}
}

// TestRoleFor_RCV4: a veto takes so many keys that the others are too few to act.
func TestRoleFor_RCV4(t *testing.T) {
	keys := func(n int) []string { return make([]string, n) }
	for _, c := range []struct {
		keys    int
		k, veto uint64
	}{{1, 1, 1}, {3, 2, 2}, {3, 3, 1}, {5, 2, 4}, {1, 2, 2}} {
		r := role{Keys: keys(c.keys), K: c.k}
		if got := roleFor(&tx.RecoveryVeto{}, r); got.K != c.veto {
			t.Errorf("%d of %d: a veto takes %d, want %d", c.k, c.keys, got.K, c.veto)
		}
		if got := roleFor(&tx.Split{}, r); got.K != c.k {
			t.Errorf("%d of %d: another act takes %d", c.k, c.keys, got.K)
		}
	}
}

// TestTie_ACT17 ties acts together whose files were made one by one.
func TestTie_ACT17(t *testing.T) {
	file := func(author byte, lane, number uint64) *tx.File {
		return &tx.File{Salt: wire.Hash{4}, Act: tx.New(tx.Header{Author: wire.Address{author}, Policy: 1, Lane: lane, Number: number, Expires: 9}, &tx.OfferCancel{Offer: wire.Hash{author}})}
	}
	files := []*tx.File{file(1, 0, 7), file(2, 0, 3), file(1, 0, 7), file(1, 1, 7), file(1, 0, 7)}
	if err := tie(files); err != nil {
		t.Fatal(err)
	}
	for i, want := range []uint64{7, 3, 8, 7, 9} {
		a := files[i].Act
		if a.Number != want || a.Index != uint64(i) || a.Count != 5 || a.Bundle != files[0].Act.Bundle || a.Bundle.IsZero() {
			t.Errorf("act %d: got %+v, want number %d", i, a.Header, want)
		}
	}
	if err := tie(files[:1]); err == nil || !strings.Contains(err.Error(), "ACT-7") {
		t.Errorf("one act alone: %v", err)
	}
}

func TestOrigins_typedToCanonical(t *testing.T) {
	f := origins{[]string{"193.0.9.0/24=AS3333", "193.0.8.0/23-24=as3333", "193.0.9.0/24=AS3333"}}
	if got, err := f.read(); err != nil || got != "193.0.8.0/23-24=3333 193.0.9.0/24-24=3333" {
		t.Errorf("got %q, %v", got, err)
	}
	for _, text := range []string{"193.0.9.0/24", "193.0.9.1/24=AS1", "193.0.9.0/24=AS", "193.0.9.0/24-x=AS1"} {
		if got, err := (&origins{[]string{text}}).read(); err == nil {
			t.Errorf("%q: got %q, want an error", text, got)
		}
	}
}
