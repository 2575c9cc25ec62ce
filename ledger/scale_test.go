package ledger_test

import (
	"encoding/binary"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// What the register must bear: so many leases live at once, so many of them
// ending in one second, after a halt.
const (
	leasesLive   = 40_000
	leasesAtOnce = 5_000
	leaseEnd     = start + 86_400 // when the first of them end
)

// leaseBlock is the /24 of the i-th lease.
func leaseBlock(i int) wire.Resource {
	r := resource("60.0.0.0/24")
	binary.BigEndian.PutUint32(r.Addr[:], binary.BigEndian.Uint32(r.Addr[:])+uint32(i)<<8)
	return r
}

// endOf is when the i-th lease ends: the first all in one second, the others one
// a second after them.
func endOf(i int) uint64 { return leaseEnd + uint64(max(0, i-leasesAtOnce+1)) }

// leased is a register with 40,000 live leases under one title, each with an
// authorisation of its lessee's, written as acceptances would have written them.
func leased(t *testing.T) *world {
	w := newWorld(t, []string{"ana", "ben", "cat"}, map[string][]string{"ana": {"60.0.0.0/8"}})
	e := w.state.Edit()
	put := func(k tree.Key, v any) { e.Put(record.Leaf(k, wire.Encode(v))) }
	counts := map[uint64]uint64{}
	for i := range leasesLive {
		at, id, ends := leaseBlock(i), wire.Sum(wire.TagRecord, []byte("lease"), binary.BigEndian.AppendUint32(nil, uint32(i))), endOf(i)
		e.Put(record.FolioLeaf(at, &record.Folio{
			Estates: record.EstatesBytes([]record.Estate{{
				Rules: record.Rules, ID: id, Kind: record.Lease, Holder: who("ben"), Start: start, Ends: ends, Warning: id, Started: true,
				Lease: []record.Terms{{Operator: "ben", Abuse: "abuse@ben.example"}},
			}}),
			Authorisations: record.OriginsBytes([]record.Origin{{Rules: record.Rules, Holder: who("ben"), MaxLength: 24, AS: 64_000, Act: id}}),
		}))
		put(record.RestingKey(at, id), &record.Resting{Rules: record.Rules, Refs: []record.Ref{{Resource: at, MaxLength: 24, AS: 64_000}}})
		put(tree.DueKey(ends, record.RankEstate, wire.Sum(wire.TagDealing, id[:], at.Key())), &record.Due{
			Rules: record.Rules, Kind: record.DueEstate, Act: id, Resource: at, Estate: id,
		})
		counts[ends]++
	}
	for at, n := range counts {
		put(tree.DueKey(at, record.RankCount, wire.Hash{}), &record.Ends{Rules: record.Rules, Count: n})
	}
	w.recount(e.Freeze())
	return w
}

// standing counts the leases still written, and wants those that are gone to be
// the first by time.
func (w *world) standing(gone int) (left int) {
	for i := range leasesLive {
		switch written := len(w.folio(leaseBlock(i).String()).Estates) > 0; {
		case written:
			left++
		case i >= leasesAtOnce && i >= gone:
			w.t.Fatalf("lease %d ended before one that ended earlier", i)
		}
	}
	return left
}

// TestScale_DUE3_DUE4_EST7: a chain that stood still while 10,000 of 40,000
// leases ended sweeps them in their order, within the bounds of every ledger
// block, while answers already treat them as ended and no act is admissible.
func TestScale_DUE3_DUE4_EST7(t *testing.T) {
	const ended = 2 * leasesAtOnce
	w := leased(t)
	if err := ledger.Invariants(w.state, w.last); err != nil {
		t.Fatal(err)
	}
	act := w.signWith(tx.Header{Author: who("ana"), Policy: 1, Expires: leaseEnd + 86_400, Rules: tx.RulesVersion},
		&tx.OriginAuthorise{Resource: resource("60.255.0.0/16"), MaxLength: 16, AS: 1}, w.keys[who("ana")])
	prev := w.last
	w.last.Time = endOf(ended-1) - 1
	left, blocks := leasesLive, 0
	for backlog := true; backlog; blocks++ {
		now := w.header(1)
		r, err := ledger.Apply(w.state, prev, now, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Backlog {
			w.inadmissible("ADM-8", act)
			a, err := light.Read(r.State, leaseBlock(ended-1), light.Moment{Height: now.Height, Time: now.Time})
			if err != nil || len(a.Estates) != 0 || a.Possessor != who("ana") {
				t.Fatalf("with a backlog an ended lease answers %+v, %v", a, err)
			}
		}
		w.state, w.last, prev, backlog = r.State, now, now, r.Backlog
		left = w.step(r, left)
	}
	if left != leasesLive-w.ended() {
		t.Errorf("%d leases stand, want %d", left, leasesLive-w.ended())
	}
	if err := ledger.Invariants(w.state, w.last); err != nil {
		t.Error(err)
	}
	t.Logf("%d ends in %d ledger blocks", leasesLive-left, blocks)
}

// ended is how many leases are over at the last header's time.
func (w *world) ended() int { return leasesAtOnce + int(w.last.Time-leaseEnd) }

// step checks one ledger block of the sweep, and counts the leases after it.
func (w *world) step(r ledger.Result, before int) int {
	w.t.Helper()
	left := w.standing(leasesLive - before + ledger.BlockDueMax)
	if n := before - left; n > ledger.BlockDueMax || n == 0 && r.Backlog {
		w.t.Fatalf("%d ends in one ledger block", n)
	}
	if len(r.Changes) > ledger.BlockChangesMax {
		w.t.Fatalf("%d record changes", len(r.Changes))
	}
	if left < leasesLive-w.ended() {
		w.t.Fatalf("%d leases stand, more ended than were due", left)
	}
	return left
}
