package ledger_test

import (
	"testing"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func withdrawalOf(w *world, text string, grant wire.Hash) *tx.NoticeWithdraw {
	return &tx.NoticeWithdraw{Resource: resource(text), Grant: grant, Value: w.value(text), Until: w.last.Time + 86400}
}

// TestApply_EST12: what the possessor next outside gave notice of, both take back.
func TestApply_EST12(t *testing.T) {
	const text = "60.0.0.0/20"
	w := two(t)
	id := w.grant("ana", "ben", text, true)
	w.refused("EST-12", "ana", withdrawalOf(w, text, id)) // no notice yet
	w.do("ana", &tx.GrantNotice{Resource: resource(text), Grant: id})
	w.refused("EST-12", "ben", withdrawalOf(w, text, id))
	w.refused("EST-12", "cat", withdrawalOf(w, text, id))
	offer := w.do("ana", withdrawalOf(w, text, id))
	accept := &tx.GrantAccept{Offer: offer, Resource: resource(text), Value: w.value(text)}
	w.refused("DEAL-6", "cat", accept)
	w.do("ben", accept)
	if e := w.estates(text)[0]; e.Ends != 0 || !e.Warning.IsZero() {
		t.Fatalf("got %+v, want no end", e)
	}
	for range 8 {
		w.block(500)
	}
	if len(w.estates(text)) != 1 {
		t.Fatal("the grant ended by a notice that was taken back")
	}
	w.do("ana", &tx.GrantNotice{Resource: resource(text), Grant: id})
	if ends := w.last.Time + 3600; w.estates(text)[0].Ends != ends {
		t.Fatalf("got %+v, want an end at %d", w.estates(text)[0], ends)
	}
}

// TestApply_EST12_carved: what was carved out of the grant stands; what another is
// to possess after it refuses the withdrawal, at the offer and at the acceptance.
func TestApply_EST12_carved(t *testing.T) {
	const text = "60.0.0.0/20"
	w := two(t)
	id := w.grant("ana", "ben", text, true)
	w.grant("ben", "cat", "60.0.0.0/24", true)
	w.do("ana", &tx.GrantNotice{Resource: resource(text), Grant: id})
	offer := w.do("ana", withdrawalOf(w, text, id))
	w.do("ben", &tx.GrantAccept{Offer: offer, Resource: resource(text), Value: w.value(text)})
	if len(w.estates("60.0.0.0/24")) != 1 {
		t.Fatal("the sub-grant is gone")
	}
	w.do("ana", &tx.GrantNotice{Resource: resource(text), Grant: id})
	ends := w.estates(text)[0].Ends
	next := leaseOf(w, "60.0.1.0/24", "dan", day)
	next.Start, next.End = ends, ends+day
	w.do("dan", acceptance(w, "60.0.1.0/24", w.do("ana", next)))
	w.refused("EST-2", "ana", withdrawalOf(w, text, id))
}

// TestApply_EST12_delay: a withdrawal gives the grantee a right, so it waits for the
// giver's delay, and its lenders are asked.
func TestApply_EST12_delay_CHARGE5(t *testing.T) {
	const text = "60.0.0.0/20"
	w := two(t)
	id := w.grant("ana", "ben", text, true)
	w.do("ana", &tx.GrantNotice{Resource: resource(text), Grant: id})
	lend := chargeOf(w, "60.0.0.0/16", "cat")
	lend.Longest = 3599
	charge := w.do("cat", acceptOf(w, w.do("ana", lend), "60.0.0.0/16"))
	w.do("ana", &tx.SetDelay{Delay: 600})
	early := withdrawalOf(w, text, id)
	early.Earliest = w.last.Time + 100
	w.refused("DEAL-3", "ana", early)
	offer := w.do("ana", withdrawalOf(w, text, id))
	accept := &tx.GrantAccept{Offer: offer, Resource: resource(text), Value: w.value(text)}
	w.refused("DEAL-6", "ben", accept)
	w.block(400)
	w.block(400)
	w.refused("CHARGE-5", "ben", accept)
	w.do("cat", &tx.ChargeConsent{Offer: offer, Resource: resource(text), Charge: charge, Value: w.value(text)})
	w.do("ben", accept)
	if w.estates(text)[0].Ends != 0 {
		t.Fatal("the grant has an end")
	}
}
