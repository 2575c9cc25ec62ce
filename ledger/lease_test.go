package ledger_test

import (
	"fmt"
	"slices"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

const day = 86400

// leaseOf is an offer of a fixed term from now, of some days, with sub-letting.
func leaseOf(w *world, text, to string, days uint64) *tx.LeaseOffer {
	return &tx.LeaseOffer{
		Resource: resource(text), To: who(to), End: w.last.Time + days*day, SubLet: true,
		Operator: to, Abuse: "abuse@example.net", Value: w.value(text), Until: w.last.Time + day,
	}
}

// lease offers and accepts what change makes of such a term, and gives the
// lease's id.
func (w *world) lease(from, to, text string, days uint64, change ...func(*tx.LeaseOffer)) wire.Hash {
	w.t.Helper()
	body := leaseOf(w, text, to, days)
	for _, c := range change {
		c(body)
	}
	return w.accept(to, text, w.do(from, body))
}

// accept accepts an offer of the lease family.
func (w *world) accept(name, text string, offer wire.Hash) wire.Hash {
	w.t.Helper()
	return w.do(name, acceptance(w, text, offer))
}

func acceptance(w *world, text string, offer wire.Hash) *tx.LeaseAccept {
	return &tx.LeaseAccept{Offer: offer, Resource: resource(text), Value: w.value(text)}
}

// from makes an offer start some days from now.
func from(w *world, days uint64) func(*tx.LeaseOffer) {
	return func(b *tx.LeaseOffer) { b.Start = w.last.Time + days*day }
}

// pass lets time pass to a moment, in one ledger block.
func (w *world) pass(at uint64) {
	w.t.Helper()
	w.block(at - w.last.Time)
}

// live lists the holders of what is live at exactly this block, outermost first.
func (w *world) live(text string) (out []string) {
	for _, e := range w.estates(text) {
		if e.Started {
			out = append(out, w.account(w.name(e.Holder)).Name)
		}
	}
	return out
}

func (w *world) name(id wire.Address) string {
	for _, name := range []string{"ana", "ben", "cat", "dan", "eve", "fay"} {
		if who(name) == id {
			return name
		}
	}
	return fmt.Sprint(id)
}

func TestApply_LEASE10_life(t *testing.T) {
	w := two(t)
	w.originate("ana", "60.0.0.0/16", 24, 1001)
	id := w.lease("ana", "ben", "60.0.0.0/20", 60, func(b *tx.LeaseOffer) { b.Origins = "60.0.0.0/20-24=2001" })
	e := w.estates("60.0.0.0/20")[0]
	if e.ID != id || e.Kind != record.Lease || !e.Started || e.Start != w.last.Time || e.Warning != id || e.Lease[0].Operator != "ben" {
		t.Fatalf("got %+v", e)
	}
	if got := w.origins("ben"); !slices.Equal(got, []string{"60.0.0.0/20-24 AS2001"}) {
		t.Fatalf("ben authorises %v", got)
	}
	if got := w.origins("ana"); slices.Contains(got, "60.0.0.0/16-24 AS1001") || len(got) != 5 {
		t.Fatalf("ana authorises %v", got)
	}
	w.pass(e.Ends - 1)
	if len(w.live("60.0.0.0/20")) != 1 {
		t.Fatal("the lease ended a second early")
	}
	w.block(1)
	if len(w.estates("60.0.0.0/20")) != 0 || len(w.origins("ben")) != 0 {
		t.Fatalf("after the end: %v, %v", w.estates("60.0.0.0/20"), w.origins("ben"))
	}
}
