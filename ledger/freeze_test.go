package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// binds enters a restriction of a kind on the part of a title.
func (w *world) binds(kind record.RestrictionKind, title, part string, seconds uint64) {
	w.mark(title, record.Restriction{Kind: kind, Act: wire.Hash{byte(kind)}, Since: w.last.Time, Until: w.last.Time + seconds, At: resource(part)})
}

// bindable is a charged title with a lease, a grant, routing and offers that all
// lie in the /17 to be bound, and what anyone may try on it.
type bindable struct {
	*world
	charge, grant, lease, sale, proposal, sublet, redemption, end wire.Hash
}

func newBindable(t testing.TB) *bindable {
	w := &bindable{world: lending(t)}
	w.charge = w.pledge("ana", "bank", "60.0.0.0/16")
	w.grant = w.world.grant("ana", "cat", "60.0.0.0/20", true)
	w.lease = w.world.lease("ana", "cat", "60.0.16.0/20", 9)
	w.originate("cat", "60.0.16.0/20", 24, 2001)
	w.sale = w.offer("ana", "ben", "60.0.0.0/18", false)
	w.proposal = w.do("ana", chargeOf(w.world, "60.0.0.0/18", "fund"))
	w.sublet = w.do("cat", leaseOf(w.world, "60.0.16.0/24", "ben", 2))
	w.redemption = w.do("ana", &tx.ChargeRedeem{Resource: resource("60.0.0.0/16"), Charge: w.charge, Value: w.value("60.0.0.0/16"), Until: w.last.Time + 900})
	w.end = w.do("ana", &tx.LeaseEnd{Resource: resource("60.0.16.0/20"), Lease: w.lease, Value: w.value("60.0.16.0/20"), Until: w.last.Time + 900})
	return w
}

// titleActs are acts that a freeze or a contest of 60.0.0.0/17 refuses.
func (w *bindable) titleActs() []struct {
	name string
	body tx.Body
} {
	r, value := resource("60.0.0.0/16"), w.value("60.0.0.0/16")
	return []struct {
		name string
		body tx.Body
	}{
		{"ana", offerOf(w.world, "60.0.0.0/16", "cat")},
		{"ana", offerOf(w.world, "60.0.0.0/24", "cat")},
		{"ana", conditional(w.world, "60.0.0.0/18", "cat", wire.Hash{})},
		{"ana", &tx.Split{Resource: r, Part: resource("60.0.0.0/17")}},
		{"ana", &tx.Split{Resource: r, Part: resource("60.0.0.0/24")}},
		{"ana", grantOf(w.world, "60.0.64.0/24", "ben")},
		{"ana", leaseOf(w.world, "60.0.64.0/24", "ben", 3)},
		{"cat", leaseOf(w.world, "60.0.16.0/24", "ben", 3)},
		{"cat", &tx.LeaseRenew{Resource: resource("60.0.16.0/20"), Lease: w.lease, End: w.last.Time + 20*day, Value: value, Until: w.last.Time + day}},
		{"ana", chargeOf(w.world, "60.0.0.0/16", "fund")},
		{"ana", &tx.ChargeRedeem{Resource: r, Charge: w.charge, Value: value, Until: w.last.Time + 900}},
		{"ana", &tx.List{Resource: r, Purpose: tx.ForSale, Until: w.last.Time + 900}},
		{"ana", &tx.Surrender{Resource: r, Value: value}},
	}
}

// goesOn is all that a freeze and a contest leave (DISP-3).
func (w *bindable) goesOn() {
	w.t.Helper()
	w.originate("ana", "60.0.128.0/17", 24, 2000)
	w.do("cat", &tx.GeofeedSet{Resource: resource("60.0.16.0/20"), URL: "https://cat.example/geo"})
	w.do("cat", &tx.OriginWithdraw{Resource: resource("60.0.16.0/20"), MaxLength: 24, AS: 2001})
	w.do("ana", &tx.OfferCancel{Offer: w.sale})
	w.do("bank", enforceOf("60.0.0.0/16", w.charge, "ben"))
	w.do("ana", &tx.ChargeContest{Resource: resource("60.0.0.0/16"), Charge: w.charge})
	w.do("bank", &tx.ChargeRelease{Resource: resource("60.0.0.0/16"), Charge: w.charge})
	hand := w.do("cat", &tx.LeaseAssign{
		Resource: resource("60.0.16.0/20"), Lease: w.lease, To: who("ben"), Operator: "ben", Abuse: "a@b.example", Value: w.value("60.0.16.0/20"), Until: w.last.Time + 900,
	})
	w.do("ana", &tx.LeaseConsent{Offer: hand, Resource: resource("60.0.16.0/20"), Value: w.value("60.0.16.0/20")})
	w.accept("ben", "60.0.16.0/20", hand)
	end := w.do("ana", &tx.LeaseEnd{Resource: resource("60.0.16.0/20"), Lease: w.lease, Value: w.value("60.0.16.0/20"), Until: w.last.Time + 900})
	w.accept("ben", "60.0.16.0/20", end)
	w.do("ana", &tx.GrantNotice{Resource: resource("60.0.0.0/20"), Grant: w.grant})
	w.do("cat", &tx.GrantGiveUp{Resource: resource("60.0.0.0/20"), Grant: w.grant})
	if len(w.estates("60.0.0.0/20"))+len(w.estates("60.0.16.0/20")) > 0 {
		w.t.Fatal("an estate did not end")
	}
}

// TestApply_DISP1_DISP2_DISP3_R8 tries every act that a restriction of a part
// refuses, with a block that overlaps it, and every one that it leaves.
func TestApply_DISP1_DISP2_DISP3_R8(t *testing.T) {
	for kind, rule := range map[record.RestrictionKind]string{record.Freeze: "DISP-1", record.Contest: "DISP-2"} {
		w := newBindable(t)
		before := len(w.origins("cat"))
		w.binds(kind, "60.0.0.0/16", "60.0.0.0/17", 30*day)
		for _, c := range w.titleActs() {
			w.refused(rule, c.name, c.body)
		}
		// What was offered is refused too, and stays so: it has lapsed (DEAL-2).
		accepted := []struct {
			name string
			body tx.Body
		}{
			{"ben", takeOf(w.world, w.sale, "60.0.0.0/18")},
			{"fund", acceptOf(w.world, w.proposal, "60.0.0.0/18")},
			{"ben", acceptance(w.world, "60.0.16.0/24", w.sublet)},
			{"bank", acceptOf(w.world, w.redemption, "60.0.0.0/16")},
		}
		for _, c := range accepted {
			w.refused(rule, c.name, c.body)
		}
		w.refused("DEAL-2", "cat", acceptance(w.world, "60.0.16.0/20", w.end)) // an end may be agreed anew
		if len(w.origins("cat")) != before {
			t.Fatal("a restriction changed what is routed")
		}
		if kind == record.Freeze {
			w.originate("ana", "60.0.64.0/18", 24, 2002)
		} else {
			w.refused("DISP-2", "ana", &tx.OriginAuthorise{Resource: resource("60.0.64.0/18"), MaxLength: 24, AS: 2002})
			w.refused("DISP-2", "ana", &tx.OriginAuthorise{Resource: resource("60.0.0.0/16"), MaxLength: 16, AS: 2002})
		}
		w.goesOn()
		w.until(w.restrictions("60.0.0.0/16")[0].Until)
		if w.held("60.0.0.0/16") {
			t.Fatal("the restriction has no end")
		}
		w.transfer("ana", "ben", "60.0.0.0/18", false)
	}
}

// TestApply_DISP2_providers: neither providers of a contested AS number.
func TestApply_DISP2_providers(t *testing.T) {
	w := lending(t)
	set := func(providers string) tx.Body {
		return &tx.ProvidersAuthorise{Resource: resource("AS2000"), Providers: providers}
	}
	w.do("ana", set("3000"))
	w.binds(record.Contest, "AS2000-AS2015", "AS2000-AS2003", 1000)
	w.refused("DISP-2", "ana", set("3000 3001"))
	w.do("ana", &tx.ProvidersAuthorise{Resource: resource("AS2004"), Providers: "3000"})
	w.do("ana", set(""))
}

// TestApply_DISP4 lets an enforcement fall due on a title of which a part is
// frozen, and asks for settlement of a transfer of such a part.
func TestApply_DISP4_R8(t *testing.T) {
	w := lending(t)
	charge := w.pledge("ana", "bank", "60.0.0.0/16")
	w.do("bank", enforceOf("60.0.0.0/16", charge, "cat"))
	w.binds(record.Freeze, "60.0.0.0/16", "60.0.0.0/24", enforceSeconds+10*day)
	w.until(w.charges("60.0.0.0/16")[0].Enforced)
	w.wantHolder("60.0.0.0/16", "ana")
	if at := w.charges("60.0.0.0/16")[0].Enforced; at != w.last.Time+ledger.RetrySeconds {
		t.Fatalf("it is looked at again at %d, it is %d", at, w.last.Time)
	}
	for range 10 {
		w.wantHolder("60.0.0.0/16", "ana")
		w.until(w.last.Time + day)
	}
	w.until(w.last.Time + day)
	w.wantHolder("60.0.0.0/16", "cat")

	w = lending(t)
	id, settle := settling(w, "60.0.0.0/16", "", lockOf(secret))
	w.binds(record.Freeze, "60.0.0.0/16", "60.0.0.0/24", 100)
	w.refused("DISP-1", "ben", releaseOf(id, "60.0.0.0/16", secret))
	w.until(w.last.Time + 100)
	w.do("ben", releaseOf(id, "60.0.0.0/16", secret))
	w.wantHolder("60.0.0.0/16", "ben")
	if w.last.Time >= settle {
		t.Fatal("the time-out came first")
	}
}

// TestApply_DISP5: a claim's window binds nothing.
func TestApply_DISP5(t *testing.T) {
	w := lending(t)
	w.binds(record.Claimed, "60.0.0.0/16", "60.0.0.0/16", 1000)
	w.originate("ana", "60.0.0.0/16", 16, 2000)
	w.transfer("ana", "ben", "60.0.0.0/16", false)
}

// titlesIn are the titles over or inside a block.
func (w *world) titlesIn(text string) (out []string) {
	r := resource(text)
	w.state.Walk(tree.ResourceKey(wire.Resource{Family: r.Family}), func(l tree.Leaf) bool {
		at := l.Key.Resource()
		if inr.Overlaps(at, r) && len(w.folio(at.String()).Title) > 0 {
			out = append(out, at.String())
		}
		return true
	})
	return out
}

// shown lists what is recorded against the titles over or inside a block.
func (w *world) shown(text string, kind record.RestrictionKind) (out []string) {
	for _, l := range w.titlesIn(text) {
		for _, x := range w.restrictions(l) {
			if x.Kind == kind {
				out = append(out, fmt.Sprintf("%s: %v until %d", l, x.At, x.Until))
			}
		}
	}
	return out
}

// TestApply_DISP6_DISP8 cuts a title with a freeze of a part and a caution of the
// whole, and lets both end where they stand.
func TestApply_DISP6_DISP8(t *testing.T) {
	w := judging(t)
	w.binds(record.Freeze, "60.0.0.0/16", "60.0.1.0/24", 500)
	entered := w.do("ben", cautionOf("60.0.0.0/16"))
	freeze, caution := w.last.Time+499, w.last.Time+cautionSeconds
	id := w.do("ana", offerOf(w, "60.0.64.0/18", "ben"))
	take := takeOf(w, id, "60.0.64.0/18")
	take.Value = w.folio("60.0.0.0/16").Marked()
	w.do("ben", take)
	want := []string{fmt.Sprintf("60.0.0.0/18: 60.0.1.0/24 until %d", freeze)}
	if got := w.shown("60.0.0.0/16", record.Freeze); !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	want = nil
	for _, p := range []string{"60.0.0.0/18", "60.0.64.0/18", "60.0.128.0/17"} {
		want = append(want, fmt.Sprintf("%s: %s until %d", p, p, caution))
	}
	if got := w.shown("60.0.0.0/16", record.Caution); !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	w.pass(freeze)
	if got := w.shown("60.0.0.0/16", record.Freeze); len(got) > 0 {
		t.Fatalf("a freeze outlives its end: %v", got)
	}
	w.until(caution)
	if got := w.shown("60.0.0.0/16", record.Caution); len(got) != 3 {
		t.Fatalf("no title covers the caution that ended: %v", got)
	}
	// Pieces lose it when they are cut, when another is entered, or by a lift.
	w.do("ana", &tx.Split{Resource: resource("60.0.128.0/17"), Part: resource("60.0.128.0/18")})
	w.do("cat", cautionOf("60.0.64.0/18"))
	w.do("fund", &tx.Lift{Matter: entered, Resource: resource("60.0.0.0/18")})
	if got := w.shown("60.0.0.0/16", record.Caution); len(got) != 1 {
		t.Fatalf("a caution outlives its end: %v", got)
	}
}

// TestApply_DISP7 merges what bears the same mark, and nothing else.
func TestApply_DISP7(t *testing.T) {
	w := judging(t)
	whole := &tx.Merge{Resource: resource("60.0.0.0/16")}
	w.do("ben", cautionOf("60.0.0.0/16"))
	was := w.restrictions("60.0.0.0/16")
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")})
	w.do("ana", whole)
	if got := w.restrictions("60.0.0.0/16"); !slices.Equal(got, was) {
		t.Fatalf("got %v, want %v", got, was)
	}
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")})
	w.mark("60.0.0.0/17", record.Restriction{Kind: record.Diverges, Act: wire.Hash{9}, Says: "ORG-OTHER"})
	w.refused("DISP-7", "ana", whole)
	w.binds(record.Freeze, "60.0.128.0/17", "60.0.255.0/24", 30*day)
	w.refused("DISP-1", "ana", whole)
}
