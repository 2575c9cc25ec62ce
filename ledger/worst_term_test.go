package ledger_test

import (
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// Bounds of one start and one end (specs/07 DUE-3), and the block that is leased in
// these tests: so deep in the title that what is left of one authorisation around it
// fills a possession.
const (
	boundStart = 9_508
	boundEnd   = 10_660
	deepTitle  = "2a00::/20"
	deepLease  = "2a00::/82"
)

// deep is the n-th /90 of the block that is leased, of 256.
func deep(n int) string {
	r := resource(deepLease)
	r.Len, r.Addr[10], r.Addr[11] = 90, r.Addr[10]|byte(n>>2), byte(n&3)<<6
	return r.String()
}

// fillDeep authorises and serves at blocks of their own in the block that is leased.
func (w *world) fillDeep(name string, first, origins, places int) {
	var acts []tx.Verified
	for i := range origins {
		acts = append(acts, w.sign(name, originOf(deep(first+i), 90, 1)))
	}
	for i := range places {
		acts = append(acts, w.sign(name, &tx.ContactsSet{Resource: resource(deep(first + origins + i)), Abuse: "abuse@" + name + ".example"}))
	}
	w.block(1, acts...)
	for i := range acts {
		if w.result.Receipts[i].Outcome != ledger.Done {
			w.t.Fatalf("act %d: %+v", i, w.result.Receipts[i])
		}
	}
}

// within compares what a ledger block changed with a bound, and with less than which a
// test of the bound would show nothing.
func (w *world) within(what string, least, most int) {
	w.t.Helper()
	n, bytes := len(w.result.Changes), 0
	for _, c := range w.result.Changes {
		if c.Old != nil {
			bytes += len(c.Old.Data)
		}
		if c.New != nil {
			bytes += len(c.New.Data)
		}
	}
	w.t.Logf("%s: %d records and %d bytes changed", what, n, bytes)
	if n < least || n > most || w.result.Backlog {
		w.t.Fatalf("%s: %d records changed, want %d to %d; backlog %v", what, n, least, most, w.result.Backlog)
	}
}

// TestApply_DUE3_LEASE9_largestStart lets a lease start that changes as many records as
// acts could be found to make one: all that rests on the lessor's title is displaced,
// 63 authorisations at blocks of their own by ending, one by narrowing to the sixty
// blocks beside, with 64 blocks with services, and 16 first authorisations enter.
func TestApply_DUE3_LEASE9_largestStart(t *testing.T) {
	w := newWorld(t, []string{"ana", "ben"}, map[string][]string{"ana": {deepTitle}})
	w.originate("ana", deepTitle, 82, 1)
	w.fillDeep("ana", 0, record.OriginsMax-1, record.PlacesMax)
	var first []string
	for i := range tx.FirstOriginsMax {
		first = append(first, deep(200+i)+"-90=2")
	}
	from := w.last.Time + 10*day
	w.lease("ana", "ben", deepLease, 0, at(from, from+day), origins(strings.Join(first, " ")))
	w.until(from)
	if got := len(w.origins("ben")); got != tx.FirstOriginsMax {
		t.Fatalf("ben has %d authorisations", got)
	}
	if got := len(w.origins("ana")); got < 60 || got > record.OriginsMax {
		t.Fatalf("%d authorisations of ana's are left", got)
	}
	w.within("a start", 200, boundStart)
}

// TestApply_DUE3_LEASE10_largestEnd lets a lease end that changes as many records as
// acts could be found to make one: the lessee's 64 authorisations and 64 blocks with
// services on it go, what it authorised by an outer lease is narrowed to the sixty
// blocks beside, and the lessor's 16 come back.
func TestApply_DUE3_LEASE10_largestEnd(t *testing.T) {
	w := newWorld(t, []string{"ana", "ben"}, map[string][]string{"ana": {deepTitle}})
	w.lease("ana", "ben", deepTitle, 300)
	w.lease("ben", "ana", deepLease, 200)
	w.fillDeep("ana", 0, record.BackMax, 0)
	ends := w.last.Time + 10*day
	w.lease("ana", "ben", deepLease, 0, at(0, ends), func(b *tx.LeaseOffer) { b.Reversion = true })
	w.originate("ben", deepTitle, 82, 1)
	w.fillDeep("ben", 64, record.OriginsMax, record.PlacesMax)
	w.until(ends)
	if got := len(w.origins("ana")); got != record.BackMax {
		t.Fatalf("%d of ana's came back", got)
	}
	if got := len(w.origins("ben")); got < 60 || got > record.OriginsMax {
		t.Fatalf("%d authorisations of ben's are left", got)
	}
	w.within("an end", 200, boundEnd)
}

// TestApply_DUE3_SUR3_largestSurrender gives a title up with all that can rest on it
// and nothing else: 64 authorisations of which each rests on 16 titles, 64 blocks with
// services.
func TestApply_DUE3_SUR3_largestSurrender(t *testing.T) {
	w := newWorld(t, []string{"ana"}, map[string][]string{"ana": seizureTitles()})
	var acts []tx.Verified
	for as := range uint64(record.OriginsMax) {
		acts = append(acts, w.sign("ana", originOf("60.0.0.0/16", 20, as)))
	}
	for i := range record.PlacesMax {
		acts = append(acts, w.sign("ana", &tx.ContactsSet{Resource: wire.Resource{Family: wire.IPv4, Len: 32, Addr: [16]byte{60, 0, 8, byte(i)}}, Abuse: "abuse@ana.example"}))
	}
	w.block(1, acts...)
	w.change("ana", func(a *account.Account) { a.Delay = 60 })
	w.do("ana", &tx.Surrender{Resource: resource("60.0.0.0/20"), Value: w.value("60.0.0.0/20")})
	w.until(w.last.Time + 60)
	w.wantState("60.0.0.0/20", record.Unclaimed)
	w.within("a surrender", 80, 1408)
}
