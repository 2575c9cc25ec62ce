package ledger_test

import (
	"crypto/sha256"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// secret is what the seller of these tests makes and shows last.
var secret = wire.Hash{5, 5, 5}

func lockOf(s wire.Hash) wire.Hash { return sha256.Sum256(s[:]) }

// conditional offers a block to ben under conditions.
func conditional(w *world, text, agent string, lock wire.Hash) *tx.TransferOffer {
	o := offerOf(w, text, "ben")
	if agent != "" {
		o.Agent = who(agent)
	}
	o.Lock, o.Until, o.Settle = lock, w.last.Time+1000, w.last.Time+2000
	return o
}

// settling accepts such an offer and gives it with its time-out.
func settling(w *world, text, agent string, lock wire.Hash) (offer wire.Hash, settle uint64) {
	w.t.Helper()
	o := conditional(w, text, agent, lock)
	id := w.do("ana", o)
	w.do("ben", takeOf(w, id, text))
	return id, o.Settle
}

func releaseOf(offer wire.Hash, text string, s wire.Hash) *tx.TransferRelease {
	return &tx.TransferRelease{Offer: offer, Resource: resource(text), Secret: s}
}

func (w *world) held(text string) bool { return len(w.folio(text).Restrictions) > 0 }

func TestApply_COND1(t *testing.T) {
	w := lending(t)
	o := conditional(w, "60.0.0.0/16", "nobody", wire.Hash{})
	w.refused("COND-1", "ana", o)
	o.Agent = who("cat")
	o.Settle = o.Until + ledger.OfferSecondsMax + 1
	w.refused("COND-1", "ana", o)
	o.Settle = o.Until + ledger.OfferSecondsMax
	w.do("ana", o)
	for _, c := range []struct {
		name, agent string
		lock        wire.Hash
		by          []string // who releases, in order; only the last settles
		secrets     []wire.Hash
	}{
		{"agent", "cat", wire.Hash{}, []string{"cat"}, []wire.Hash{{}}},
		{"lock", "", lockOf(secret), []string{"fund"}, []wire.Hash{secret}},
		{"both, the secret last", "cat", lockOf(secret), []string{"cat", "ana"}, []wire.Hash{{}, secret}},
		{"both, the agent last", "cat", lockOf(secret), []string{"bank", "cat"}, []wire.Hash{secret, {}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := lending(t)
			id, _ := settling(w, "60.0.0.0/16", c.agent, c.lock)
			for i, by := range c.by {
				w.wantHolder("60.0.0.0/16", "ana")
				w.do(by, releaseOf(id, "60.0.0.0/16", c.secrets[i]))
			}
			w.wantHolder("60.0.0.0/16", "ben")
			if w.held("60.0.0.0/16") {
				t.Fatal("a hold outlives its settlement")
			}
		})
	}
}

// TestApply_COND2_TITLE9 tries every act on a title that is on hold.
func TestApply_COND2_TITLE9(t *testing.T) {
	w := lending(t)
	charge := w.pledge("ana", "bank", "60.0.0.0/16")
	grant := w.grant("ana", "cat", "60.0.0.0/20", true)
	other := w.grant("ana", "cat", "60.0.16.0/20", true)
	inner := w.grantOffer("cat", "ben", "60.0.0.0/24", false)
	sale := w.offer("ana", "ben", "60.0.0.0/17", false)
	ask := chargeOf(w, "60.0.0.0/16", "fund")
	proposal := w.do("ana", ask)
	redemption := w.do("ana", &tx.ChargeRedeem{Resource: resource("60.0.0.0/16"), Charge: charge, Value: w.value("60.0.0.0/16"), Until: w.last.Time + 900})
	o := conditional(w, "60.0.64.0/18", "cat", wire.Hash{})
	id := w.do("ana", o)
	w.do("bank", consentOf(w, id, "60.0.64.0/18", charge, true))
	w.do("ben", takeOf(w, id, "60.0.64.0/18"))
	if !w.held("60.0.0.0/16") {
		t.Fatal("the title is not on hold")
	}
	r, value := resource("60.0.0.0/16"), w.value("60.0.0.0/16")
	for _, c := range []struct {
		name string
		body tx.Body
	}{
		{"ana", offerOf(w, "60.0.0.0/16", "cat")},
		{"ana", conditional(w, "60.0.0.0/24", "cat", wire.Hash{})},
		{"ben", takeOf(w, sale, "60.0.0.0/17")},
		{"ana", &tx.Split{Resource: r, Part: resource("60.0.0.0/17")}},
		{"ana", grantOf(w, "60.0.128.0/24", "cat")},
		{"ben", &tx.GrantAccept{Offer: inner, Resource: resource("60.0.0.0/24"), Value: value}},
		{"ana", chargeOf(w, "60.0.0.0/16", "fund")},
		{"fund", &tx.ChargeAccept{Offer: proposal, Resource: r, Value: value}},
		{"bank", &tx.ChargeAccept{Offer: redemption, Resource: r, Value: value}},
		{"ana", &tx.ChargeRedeem{Resource: r, Charge: charge, Value: value, Until: w.last.Time + 900}},
		{"bank", enforceOf("60.0.0.0/16", charge, "cat")},
		{"ana", &tx.Surrender{Resource: r, Value: value}},
		{"ana", &tx.List{Resource: r, Purpose: tx.ForSale, Until: w.last.Time + 900}},
	} {
		w.refused("TITLE-9", c.name, c.body)
	}
	w.refused("DEAL-5", "ana", &tx.OfferCancel{Offer: id}) // accepted is accepted
	// Routing goes on, and so does what ends rights by their own terms.
	w.originate("ana", "60.0.128.0/17", 24, 2000)
	w.originate("cat", "60.0.0.0/20", 24, 2001)
	w.do("ana", &tx.GeofeedSet{Resource: resource("60.0.128.0/17"), URL: "https://ana.example/geo"})
	w.do("ana", &tx.GrantNotice{Resource: resource("60.0.0.0/20"), Grant: grant})
	w.do("cat", &tx.GrantGiveUp{Resource: resource("60.0.16.0/20"), Grant: other})
	w.do("bank", &tx.ChargeRelease{Resource: r, Charge: charge})
	w.do("cat", releaseOf(id, "60.0.64.0/18", wire.Hash{}))
	w.wantHolder("60.0.64.0/18", "ben")
	w.wantHolder("60.0.128.0/17", "ana")
	w.refused("DEAL-2", "ben", takeOf(w, sale, "60.0.0.0/17")) // it does not come back
}

// TestApply_COND2_waits lets an enforcement fall due on a title that is on hold.
func TestApply_COND2_waits(t *testing.T) {
	for _, settled := range []bool{true, false} {
		w := lending(t)
		charge := w.pledge("ana", "bank", "60.0.0.0/16")
		w.do("bank", enforceOf("60.0.0.0/16", charge, "cat"))
		o := conditional(w, "60.0.0.0/16", "", lockOf(secret))
		id := w.do("ana", o)
		w.do("bank", consentOf(w, id, "60.0.0.0/16", charge, true))
		w.do("ben", takeOf(w, id, "60.0.0.0/16"))
		w.until(o.Settle - 10)
		w.wantHolder("60.0.0.0/16", "ana")
		holder := "cat"
		if settled {
			w.do("ben", releaseOf(id, "60.0.0.0/16", secret))
			holder = "ben"
		}
		w.until(o.Settle)
		w.wantHolder("60.0.0.0/16", holder)
	}
}

func TestApply_COND3(t *testing.T) {
	w := lending(t)
	id, _ := settling(w, "60.0.0.0/16", "cat", lockOf(secret))
	for _, name := range []string{"ana", "ben", "bank"} {
		w.refused("COND-3", name, releaseOf(id, "60.0.0.0/16", wire.Hash{}))
	}
	w.refused("COND-3", "cat", releaseOf(id, "60.0.0.0/16", wire.Hash{6}))
	w.do("cat", releaseOf(id, "60.0.0.0/16", wire.Hash{}))
	w.do("cat", releaseOf(id, "60.0.0.0/16", wire.Hash{})) // a second release is none
	w.wantHolder("60.0.0.0/16", "ana")
	w.do("bank", releaseOf(id, "60.0.0.0/16", secret))
	w = lending(t)
	id, _ = settling(w, "60.0.0.0/16", "cat", wire.Hash{}) // there is no lock
	w.refused("COND-3", "ana", releaseOf(id, "60.0.0.0/16", wire.Hash{1}))
}

// TestApply_COND4 settles as an acceptance would, or times out leaving all as it
// was; a settlement that a rule refuses can be repeated.
func TestApply_COND4(t *testing.T) {
	w := lending(t)
	w.originate("ana", "60.0.0.0/16", 24, 2000)
	before := *w.title("60.0.0.0/16")
	_, settle := settling(w, "60.0.64.0/18", "", lockOf(secret))
	w.until(settle - 1)
	if !w.held("60.0.0.0/16") {
		t.Fatal("the hold ended early")
	}
	w.block(1)
	after := *w.title("60.0.0.0/16")
	before.Counter, after.Predecessors, before.Predecessors = after.Counter, nil, nil
	if w.held("60.0.0.0/16") || after.Holder != before.Holder || after.Since != before.Since {
		t.Fatalf("after the time-out: %+v, want %+v", after, before)
	}
	wantOrigins(t, w, "ana", "60.0.0.0/16-24 AS2000")
	// 64 authorisations of the buyer rest on its own two grants; one more than may
	// rest on the title is in the way until it goes.
	for _, text := range []string{"60.1.0.0/24", "60.1.1.0/24", "60.1.2.0/24", "60.1.3.0/24"} {
		w.grant("ana", "ben", text, false)
	}
	authorise := func(from, to uint64) {
		for as := from; as < to; as++ {
			w.block(1, w.sign("ben", originOf("60.1.0.0/23", 23, 100+as)), w.sign("ben", originOf("60.1.2.0/23", 23, 100+as)))
		}
	}
	authorise(0, 32)
	id, _ := settling(w, "60.1.0.0/16", "", lockOf(secret))
	authorise(32, 40)
	w.refused("ORIGIN-4", "ben", releaseOf(id, "60.1.0.0/16", secret))
	if !w.held("60.1.0.0/16") {
		t.Fatal("a settlement that failed ended the hold")
	}
	for as := range uint64(16) {
		w.do("ben", &tx.OriginWithdraw{Resource: resource("60.1.0.0/23"), MaxLength: 23, AS: 100 + as})
	}
	w.do("ben", releaseOf(id, "60.1.0.0/16", secret))
	w.wantHolder("60.1.0.0/16", "ben")
}

func TestApply_COND5(t *testing.T) {
	w := lending(t)
	open := w.do("ana", conditional(w, "60.0.0.0/16", "cat", wire.Hash{}))
	plain := w.offer("ana", "ben", "60.1.0.0/16", false)
	w.refused("COND-5", "cat", releaseOf(open, "60.0.0.0/16", wire.Hash{}))
	w.refused("COND-5", "cat", releaseOf(plain, "60.1.0.0/16", wire.Hash{}))
	w.refused("COND-5", "cat", releaseOf(wire.Hash{9}, "60.0.0.0/16", wire.Hash{}))
	id, settle := settling(w, "60.0.0.0/16", "cat", wire.Hash{})
	w.refused("COND-5", "cat", releaseOf(id, "60.0.0.0/17", wire.Hash{}))
	w.refused("DEAL-5", "ben", takeOf(w, id, "60.0.0.0/16")) // accepted once
	w.last.Time = settle - 1
	w.block(1, w.sign("cat", releaseOf(id, "60.0.0.0/16", wire.Hash{})))
	if got := w.result.Receipts[0].Rule; got != "COND-5" {
		t.Fatalf("a release at the time-out: got %q", got)
	}
	w.wantHolder("60.0.0.0/16", "ana")
}

// TestApply_COND4_payment plays delivery against payment, either side gone after
// each step: nobody ever has lost the block without the secret being out, nor got
// it with the secret unknown.
func TestApply_COND4_payment(t *testing.T) {
	const text = "60.0.64.0/18"
	for step, holder := range []string{"ana", "ana", "ana", "ben"} {
		w := lending(t)
		o := conditional(w, text, "", lockOf(secret)) // 0: offered
		id := w.do("ana", o)
		if step >= 1 {
			w.do("ben", takeOf(w, id, text)) // 1: accepted, the title waits
		}
		if step >= 2 { // 2: ben locks the payment elsewhere, under the same hash
			w.refused("TITLE-9", "ana", offerOf(w, text, "cat"))
		}
		if step >= 3 { // 3: ana takes the payment, which shows the secret; ben brings it
			w.do("ben", releaseOf(id, text, secret))
		}
		w.until(o.Settle) // everyone waits for the end
		if got := w.title(text); step == 3 && (got == nil || got.Holder != who(holder)) {
			t.Fatalf("step %d: %+v", step, got)
		}
		if step < 3 {
			w.wantHolder("60.0.0.0/16", holder)
			w.do("ana", offerOf(w, text, "cat")) // she is free to sell again
		}
		if _, ok := w.state.Get(record.OfferKey(id)); ok {
			t.Fatalf("step %d: the offer outlives its end", step)
		}
		w.state.Walk(tree.Key{Subtree: tree.Due}, func(l tree.Leaf) bool {
			if d, err := record.DueFromBytes(l.Data); err != nil || d.Act == id {
				t.Fatalf("step %d: %+v is left in the queue", step, d)
			}
			return true
		})
	}
}

// TestApply_CHARGE1_between charges a block between its offer and its acceptance,
// in the same ledger block too.
func TestApply_CHARGE1_between(t *testing.T) {
	w := lending(t)
	sale := w.do("ana", conditional(w, "60.0.0.0/16", "", lockOf(secret)))
	proposal := w.do("ana", chargeOf(w, "60.0.0.0/16", "bank"))
	r := w.block(1, w.sign("bank", acceptOf(w, proposal, "60.0.0.0/16")), w.sign("ben", takeOf(w, sale, "60.0.0.0/16")))
	if r.Receipts[0].Outcome != ledger.Done || r.Receipts[1].Rule != "DEAL-2" {
		t.Fatalf("got %q, %q", r.Receipts[0].Rule, r.Receipts[1].Rule)
	}
	w.refused("DEAL-2", "ben", takeOf(w, sale, "60.0.0.0/16"))
	if w.held("60.0.0.0/16") {
		t.Fatal("a lapsed offer put the title on hold")
	}
}
