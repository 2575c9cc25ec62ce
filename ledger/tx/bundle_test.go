package tx

import (
	"testing"

	"ipledger/ledger/wire"
)

func bundled(t *testing.T, n int) ([]*Act, []Verified) {
	t.Helper()
	acts := samples()[2 : 2+n]
	if err := Bundle(acts, salt); err != nil {
		t.Fatal(err)
	}
	var out []Verified
	for _, a := range acts {
		v, err := Verify(signed(t, a, 1).Encode(), salt)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return acts, out
}

func TestBundle_ACT17(t *testing.T) {
	acts, _ := bundled(t, 3)
	raw := []byte{wire.TagBundle}
	for i, a := range acts {
		alone := *a
		alone.Bundle, alone.Index, alone.Count = wire.Hash{}, 0, 0
		id := alone.ID(salt)
		raw = append(raw, id[:]...)
		if a.Index != uint64(i) || a.Count != 3 || a.Bundle != acts[0].Bundle {
			t.Errorf("act %d names place %d of %d", i, a.Index, a.Count)
		}
	}
	if want := wire.Sum(raw[0], raw[1:]); acts[0].Bundle != want || BundleID(acts, salt) != want {
		t.Errorf("bundle %v, want %v", acts[0].Bundle, want)
	}
	wantRule(t, "signed before", Bundle(acts, salt), "ACT-17")
	wantRule(t, "one act", Bundle(samples()[:1], salt), "ACT-7")
	wantRule(t, "101 acts", Bundle(make([]*Act, BundleMax+1), salt), "ACT-7")
}

func TestCheckBundle_ACT18(t *testing.T) {
	_, all := bundled(t, 3)
	wantRule(t, "whole", CheckBundle(all), "")
	wantRule(t, "nothing", CheckBundle(nil), "ACT-18")
	wantRule(t, "one missing", CheckBundle(all[:2]), "ACT-18")
	wantRule(t, "another order", CheckBundle([]Verified{all[0], all[2], all[1]}), "ACT-18")
	wantRule(t, "one twice", CheckBundle([]Verified{all[0], all[1], all[1]}), "ACT-18")

	// An act that names the bundle without having been in it when its id was made.
	acts, _ := bundled(t, 3)
	acts[1].Body.(*TransferAccept).Offer[0] ^= 1
	acts[1].Signatures = nil
	v, err := Verify(signed(t, acts[1], 1).Encode(), salt)
	if err != nil {
		t.Fatal(err)
	}
	wantRule(t, "one exchanged", CheckBundle([]Verified{all[0], v, all[2]}), "ACT-18")
	alone, err := Verify(signed(t, New(Header{Author: address(1)}, &Merge{}), 1).Encode(), salt)
	if err != nil {
		t.Fatal(err)
	}
	wantRule(t, "an act outside bundles", CheckBundle([]Verified{alone}), "ACT-18")
}
