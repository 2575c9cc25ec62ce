package ledger_test

import (
	"maps"
	"slices"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// enforceSeconds is the notice of an enforcement in these tests.
const enforceSeconds = 1000

// lending is a world with two lenders.
func lending(t testing.TB) *world {
	w := newWorld(t, []string{"ana", "ben", "cat", "bank", "fund"}, map[string][]string{
		"ana": {"60.0.0.0/16", "60.1.0.0/16", "AS2000-AS2015"}, "ben": {"61.0.0.0/20"},
	})
	p := parameters(t, w.state)
	p.EnforceSeconds = enforceSeconds
	w.set(record.ParametersKey, wire.Encode(p))
	return w
}

func (w *world) charges(text string) []record.Charge {
	list, err := record.ChargesFromBytes(w.folio(text).Charges)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func (w *world) lenders(text string) (out []string) {
	for _, c := range w.charges(text) {
		for _, name := range []string{"ana", "ben", "cat", "bank", "fund"} {
			if who(name) == c.Lender {
				out = append(out, name)
			}
		}
	}
	return out
}

func (w *world) wantLenders(text string, want ...string) {
	w.t.Helper()
	if got := w.lenders(text); !slices.Equal(got, want) {
		w.t.Fatalf("%s is charged to %v, want %v", text, got, want)
	}
}

func chargeOf(w *world, text, to string) *tx.ChargePropose {
	return &tx.ChargePropose{
		Resource: resource(text), To: who(to), Mode: tx.ModeSale, Law: "NL", Deed: wire.Hash{1}, Longest: 90 * 86400,
		Value: w.value(text), Until: w.last.Time + 86400,
	}
}

func acceptOf(w *world, id wire.Hash, text string) *tx.ChargeAccept {
	return &tx.ChargeAccept{Offer: id, Resource: resource(text), Value: w.value(text)}
}

// pledge charges a block to a lender and gives the charge's id.
func (w *world) pledge(holder, lender, text string) wire.Hash {
	w.t.Helper()
	return w.do(lender, acceptOf(w, w.do(holder, chargeOf(w, text, lender)), text))
}

func TestApply_CHARGE1(t *testing.T) {
	w := lending(t)
	first := w.pledge("ana", "bank", "60.0.0.0/16")
	ask := chargeOf(w, "60.0.0.0/16", "ana")
	ask.ByLender = true
	w.refused("CHARGE-1", "fund", &tx.ChargePropose{Resource: ask.Resource, To: who("ben"), ByLender: true, Value: ask.Value, Until: ask.Until})
	id := w.do("fund", ask)
	w.refused("DEAL-6", "ben", acceptOf(w, id, "60.0.0.0/16"))
	w.do("ana", acceptOf(w, id, "60.0.0.0/16"))
	w.wantLenders("60.0.0.0/16", "bank", "fund")
	want := record.Charge{Rules: 1, ID: first, Lender: who("bank"), Mode: uint64(tx.ModeSale), Law: "NL", Deed: wire.Hash{1}, Longest: 90 * 86400, Entered: start + 2}
	if got := w.charges("60.0.0.0/16")[0]; got != want {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	w.refused("TITLE-2", "ben", chargeOf(w, "60.0.0.0/16", "bank"))
	w.refused("TITLE-6", "ana", chargeOf(w, "60.0.0.0/16", "nobody"))
	// An acceptance does not wait, so a holder with a delay makes the offer.
	w.change("ana", func(a *account.Account) { a.Delay = 500 })
	ask.Value, ask.Until = w.value("60.0.0.0/16"), w.last.Time+86400
	w.refused("CHARGE-1", "fund", ask)
	id = w.do("ana", chargeOf(w, "60.0.0.0/16", "ben"))
	w.refused("DEAL-6", "ben", acceptOf(w, id, "60.0.0.0/16"))
}

func TestApply_CHARGE2(t *testing.T) {
	w := lending(t)
	for i := range record.ChargesMax {
		w.pledge("ana", []string{"bank", "fund"}[i%2], "60.0.0.0/16")
	}
	w.refused("CHARGE-2", "ana", chargeOf(w, "60.0.0.0/16", "bank"))
	w.refused("CHARGE-2", "ana", chargeOf(w, "60.0.0.0/20", "bank"))
	// A charge over a part cuts the title.
	w.refused("TITLE-4", "ana", chargeOf(w, "60.1.0.0/25", "bank"))
	w.originate("ana", "60.1.0.0/16", 17, 2000)
	w.pledge("ana", "bank", "60.1.64.0/18")
	w.wantLenders("60.1.64.0/18", "bank")
	for _, text := range []string{"60.1.0.0/18", "60.1.128.0/17"} {
		if title := w.title(text); title == nil || title.Holder != who("ana") {
			t.Fatalf("%s is no title of ana's", text)
		}
		w.wantLenders(text)
	}
	wantOrigins(t, w, "ana", "60.1.0.0/16-17 AS2000")
}

// TestApply_CHARGE3 enforces for ben, then for the lender: a sale takes the first
// that is named, title to lender the lender alone, adjudication neither.
func TestApply_CHARGE3(t *testing.T) {
	for mode, rules := range map[tx.ChargeMode][2]string{
		tx.ModeAdjudication: {"CHARGE-10", "CHARGE-10"}, tx.ModeSale: {"", "CHARGE-10"}, tx.ModeTitle: {"CHARGE-11", ""},
	} {
		w := lending(t)
		p := chargeOf(w, "60.0.0.0/16", "bank")
		p.Mode = mode
		id := w.do("bank", acceptOf(w, w.do("ana", p), "60.0.0.0/16"))
		for i, to := range []string{"ben", "bank"} {
			w.block(1, w.sign("bank", &tx.ChargeEnforce{Resource: resource("60.0.0.0/16"), Charge: id, To: who(to)}))
			if got := w.result.Receipts[0].Rule; got != rules[i] {
				t.Fatalf("mode %d to %s: got %q, want %q", mode, to, got, rules[i])
			}
		}
	}
}

func TestApply_CHARGE6(t *testing.T) {
	w := lending(t)
	id := w.pledge("ana", "bank", "60.0.0.0/16")
	w.pledge("ana", "fund", "60.0.0.0/16")
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.64.0/18")})
	pieces := []string{"60.0.0.0/18", "60.0.64.0/18", "60.0.128.0/17"}
	for _, text := range pieces {
		w.wantLenders(text, "bank", "fund")
		if c := w.charges(text)[0]; c.ID != id {
			t.Fatalf("%s carries %+v", text, c)
		}
	}
	// Each piece has its own enforcement: one is contested, one released.
	for _, text := range pieces {
		w.do("bank", &tx.ChargeEnforce{Resource: resource(text), Charge: id, To: who("ben")})
	}
	at := w.charges(pieces[2])[0].Enforced
	w.do("ana", &tx.ChargeContest{Resource: resource(pieces[0]), Charge: id})
	w.do("bank", &tx.ChargeRelease{Resource: resource(pieces[1]), Charge: id})
	w.until(at)
	for text, holder := range map[string]string{pieces[0]: "ana", pieces[1]: "ana", pieces[2]: "ben"} {
		if got := w.title(text).Holder; got != who(holder) {
			t.Fatalf("%s is held by %v, want %s", text, got, holder)
		}
	}
}

// One notice never becomes many: what is enforced stays in one piece.
func TestApply_CHARGE19(t *testing.T) {
	w := lending(t)
	id := w.pledge("ana", "bank", "60.0.0.0/16")
	fund := w.do("ana", chargeOf(w, "60.0.0.0/17", "fund"))
	w.do("bank", &tx.ChargeEnforce{Resource: resource("60.0.0.0/16"), Charge: id, To: who("ben")})
	w.refused("CHARGE-19", "ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.64.0/18")})
	w.refused("DEAL-2", "fund", acceptOf(w, fund, "60.0.0.0/17"))
	again := w.do("ana", chargeOf(w, "60.0.0.0/17", "fund"))
	w.refused("CHARGE-19", "fund", acceptOf(w, again, "60.0.0.0/17"))
	sale := w.offer("ana", "ben", "60.0.0.0/17", false)
	w.do("bank", &tx.ChargeConsent{Offer: sale, Resource: resource("60.0.0.0/17"), Charge: id, Value: w.value("60.0.0.0/17")})
	w.refused("CHARGE-19", "ben", &tx.TransferAccept{Offer: sale, Resource: resource("60.0.0.0/17"), Value: w.value("60.0.0.0/17")})
	w.do("bank", &tx.ChargeRelease{Resource: resource("60.0.0.0/16"), Charge: id})
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.64.0/18")})
}

func TestApply_CHARGE7(t *testing.T) {
	w := lending(t)
	merge := &tx.Merge{Resource: resource("60.0.0.0/16")}
	w.pledge("ana", "bank", "60.0.0.0/16")
	second := w.pledge("ana", "fund", "60.0.0.0/16")
	first := w.charges("60.0.0.0/16")[0].ID
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")})
	w.merged("ana", "60.0.0.0/16", map[string]wire.Hash{"bank": first, "fund": second})
	w.wantLenders("60.0.0.0/16", "bank", "fund")
	w.do("ana", &tx.Split{Resource: resource("60.0.0.0/16"), Part: resource("60.0.0.0/17")})
	for _, half := range []string{"60.0.0.0/17", "60.0.128.0/17"} {
		w.do("fund", &tx.ChargeEnforce{Resource: resource(half), Charge: second, To: who("ben")})
	}
	w.refused("CHARGE-7", "ana", merge)
	w.do("fund", &tx.ChargeRelease{Resource: resource("60.0.0.0/17"), Charge: second})
	w.refused("CHARGE-7", "ana", merge)
	w.do("fund", &tx.ChargeRelease{Resource: resource("60.0.128.0/17"), Charge: second})
	w.merged("ana", "60.0.0.0/16", map[string]wire.Hash{"bank": first})
	w.wantLenders("60.0.0.0/16", "bank")
}

// merged merges two halves under charge, and lets their lenders consent.
func (w *world) merged(holder, text string, lenders map[string]wire.Hash) {
	w.t.Helper()
	id := w.do(holder, &tx.Merge{Resource: resource(text)})
	low, _, _ := inr.Halves(resource(text))
	for _, name := range slices.Sorted(maps.Keys(lenders)) {
		if len(w.folio(text).Title) > 0 {
			w.t.Fatalf("%s is one title before %s consented", text, name)
		}
		w.do(name, &tx.ChargeConsent{Offer: id, Resource: resource(text), Charge: lenders[name], Value: w.value(low.String())})
	}
	w.block(1)
}

func TestApply_CHARGE9(t *testing.T) {
	w := lending(t)
	id := w.pledge("ana", "bank", "60.0.0.0/16")
	release := &tx.ChargeRelease{Resource: resource("60.0.0.0/16"), Charge: id}
	w.refused("CHARGE-9", "ana", release)
	w.refused("CHARGE-9", "fund", release)
	before := w.value("60.0.0.0/16")
	w.do("bank", release)
	w.wantLenders("60.0.0.0/16")
	if w.value("60.0.0.0/16") == before {
		t.Fatal("a release left the dealing value as it was")
	}
}

func TestApply_CHARGE15(t *testing.T) {
	w := lending(t)
	first := w.pledge("ana", "bank", "60.0.0.0/16")
	second := w.pledge("ana", "fund", "60.0.0.0/16")
	redeem := func(id wire.Hash) *tx.ChargeRedeem {
		return &tx.ChargeRedeem{Resource: resource("60.0.0.0/16"), Charge: id, Value: w.value("60.0.0.0/16"), Until: w.last.Time + 500}
	}
	w.do("bank", &tx.ChargeEnforce{Resource: resource("60.0.0.0/16"), Charge: first, To: who("ben")})
	at := w.charges("60.0.0.0/16")[0].Enforced
	w.refused("CHARGE-15", "ben", redeem(first))
	w.refused("CHARGE-15", "bank", redeem(second)) // an earlier lender
	// The later lender takes the earlier one's place, and the enforcement ends.
	id := w.do("fund", redeem(first))
	w.refused("DEAL-6", "ana", acceptOf(w, id, "60.0.0.0/16"))
	w.do("bank", acceptOf(w, id, "60.0.0.0/16"))
	w.wantLenders("60.0.0.0/16", "fund", "fund")
	w.until(at)
	if w.title("60.0.0.0/16").Holder != who("ana") {
		t.Fatal("a redeemed charge was enforced")
	}
	// The holder redeems what the fund holds first, then the rest.
	w.do("fund", &tx.ChargeEnforce{Resource: resource("60.0.0.0/16"), Charge: second, To: who("ben")})
	at = w.charges("60.0.0.0/16")[1].Enforced
	for _, charge := range []wire.Hash{second, first} {
		w.do("fund", acceptOf(w, w.do("ana", redeem(charge)), "60.0.0.0/16"))
	}
	w.wantLenders("60.0.0.0/16")
	w.until(at)
	if w.title("60.0.0.0/16").Holder != who("ana") {
		t.Fatal("a redeemed charge was enforced")
	}
	w.refused("CHARGE-17", "ana", redeem(second))
}

func TestApply_CHARGE17(t *testing.T) {
	w := lending(t)
	id := w.pledge("ana", "bank", "60.0.0.0/16")
	for _, text := range []string{"60.0.0.0/17", "60.1.0.0/16", "62.0.0.0/16"} {
		w.refused("CHARGE-17", "bank", &tx.ChargeRelease{Resource: resource(text), Charge: id})
		w.refused("CHARGE-17", "bank", &tx.ChargeEnforce{Resource: resource(text), Charge: id, To: who("ben")})
		w.refused("CHARGE-17", "ana", &tx.ChargeContest{Resource: resource(text), Charge: id})
		w.refused("CHARGE-17", "ana", &tx.ChargeRedeem{Resource: resource(text), Charge: id, Until: w.last.Time + 50})
	}
	w.refused("CHARGE-17", "bank", &tx.ChargeRelease{Resource: resource("60.0.0.0/16"), Charge: wire.Hash{1}})
}

// TestApply_DEAL2_charges charges a block, or releases it, while offers are open:
// none comes back to life when the charges are again what they were.
func TestApply_DEAL2_charges(t *testing.T) {
	w := lending(t)
	accept := func(id wire.Hash) *tx.TransferAccept {
		return &tx.TransferAccept{Offer: id, Resource: resource("60.0.0.0/16"), Value: w.value("60.0.0.0/16")}
	}
	id := w.offer("ana", "ben", "60.0.0.0/16", false)
	charge := w.pledge("ana", "bank", "60.0.0.0/16")
	w.refused("DEAL-2", "ben", accept(id))
	w.do("bank", &tx.ChargeRelease{Resource: resource("60.0.0.0/16"), Charge: charge})
	w.refused("DEAL-2", "ben", accept(id))
	w.do("ben", accept(w.offer("ana", "ben", "60.0.0.0/16", false)))
}

// TestApply_CHARGE2_atOnce lets offers of charges wait beside each other: the
// first acceptance changes the value, so that no ninth charge comes to stand.
func TestApply_CHARGE2_atOnce(t *testing.T) {
	w := lending(t)
	for range record.ChargesMax - 1 {
		w.pledge("ana", "bank", "60.0.0.0/16")
	}
	one, other := w.do("ana", chargeOf(w, "60.0.0.0/16", "bank")), w.do("ana", chargeOf(w, "60.0.0.0/16", "fund"))
	w.do("bank", acceptOf(w, one, "60.0.0.0/16"))
	w.refused("DEAL-2", "fund", acceptOf(w, other, "60.0.0.0/16"))
	if n := len(w.charges("60.0.0.0/16")); n != record.ChargesMax {
		t.Fatalf("%d charges", n)
	}
}
