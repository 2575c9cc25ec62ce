package directory_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

var moment = light.Moment{Height: 7, Time: 1_800_000_000}

func parse(t testing.TB, text string) wire.Resource {
	t.Helper()
	r, err := inr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// scan is the entries of a whole state, found by reading the answer about every
// block of its family at which anything stands.
func scan(t testing.TB, s tree.State, f wire.Family) (list []*light.Answer) {
	t.Helper()
	s.Walk(tree.RootKey(tree.Subtree(f)), func(l tree.Leaf) bool {
		a, err := light.Read(s, l.Key.Resource(), moment)
		if err != nil {
			t.Fatal(err)
		}
		entry := a.Title != nil && a.Title.At == a.Resource
		for _, e := range a.Estates {
			entry = entry || e.At == a.Resource
		}
		if entry {
			list = append(list, a)
		}
		return true
	})
	return list
}

// agree compares what is said of one block with the scan.
func agree(t *testing.T, s tree.State, entries []*light.Answer, q wire.Resource, limit int) {
	t.Helper()
	var above, below, level []*light.Answer
	for _, a := range entries {
		if inr.Covers(a.Resource, q) {
			above = append(above, a)
		} else if inr.Covers(q, a.Resource) {
			below = append(below, a)
		}
	}
	slices.Reverse(above)
	for _, a := range below {
		if !slices.ContainsFunc(below, func(o *light.Answer) bool { return o != a && inr.Covers(o.Resource, a.Resource) }) {
			level = append(level, a)
		}
	}
	a, ok, err := directory.Covering(s, q, moment)
	if err != nil || ok != (len(above) > 0) || ok && !reflect.DeepEqual(a, above[0]) {
		t.Fatalf("%v: covered by %v (%v, %v), want %v", q, a, ok, err, blocks(above))
	}
	list, err := directory.Above(s, q, moment)
	if err != nil || !reflect.DeepEqual(list, above) {
		t.Fatalf("above %v: got %v (%v), want %v", q, blocks(list), err, blocks(above))
	}
	for all, want := range map[bool][]*light.Answer{true: below, false: level} {
		list, more, err := directory.Below(s, q, moment, all, limit)
		if err != nil || more != (len(want) > limit) || !slices.Equal(blocks(list), blocks(want[:min(limit, len(want))])) {
			t.Fatalf("below %v, all %v: got %v, more %v (%v), want %v", q, all, blocks(list), more, err, blocks(want))
		}
		for i := range list {
			if !reflect.DeepEqual(list[i], want[i]) {
				t.Fatalf("below %v: got %v, want %v", q, list[i], want[i])
			}
		}
	}
}

func blocks(list []*light.Answer) []wire.Resource {
	out := []wire.Resource{}
	for _, a := range list {
		out = append(out, a.Resource)
	}
	return out
}

// drawn is a state of titles that do not nest, and of estates and services around
// and inside them, live, ended and to come.
func drawn(rng *rand.Rand, f wire.Family, n int) (tree.State, []wire.Resource) {
	folios, order := map[wire.Resource]*record.Folio{}, []wire.Resource(nil)
	for range n {
		r := block(rng, f)
		if folios[r] == nil {
			folios[r] = &record.Folio{}
			order = append(order, r)
		}
		switch rng.IntN(4) {
		case 0, 1:
			folios[r].Title = title(rng)
		case 2:
			folios[r].Estates = estates(rng)
		case 3:
			folios[r].Contacts = wire.Encode(&record.Services{Rules: 1, Holder: wire.Address{byte(rng.IntN(3))}, Abuse: "abuse@example.net"})
		}
	}
	e := tree.State{}.Edit()
	var titled []wire.Resource
	for _, r := range order {
		if slices.ContainsFunc(titled, func(o wire.Resource) bool { return inr.Overlaps(o, r) }) {
			folios[r].Title = nil
		}
		if len(folios[r].Title) > 0 {
			titled = append(titled, r)
		}
		if !folios[r].Empty() {
			e.Put(record.FolioLeaf(r, folios[r]))
		}
	}
	return e.Freeze(), order
}

// block is one of few, so that many nest.
func block(rng *rand.Rand, f wire.Family) wire.Resource {
	r := wire.Resource{Family: f, Len: uint8(rng.IntN(f.Bits() + 1)), Addr: [16]byte{193}}
	for i := range 8 {
		at := i * f.Bits() / 8
		r.Addr[at/8] |= byte(rng.IntN(2)) << (7 - at%8)
	}
	return inr.Truncate(r, r.Len)
}

func title(rng *rand.Rand) []byte {
	return (&record.Title{Rules: 1, State: record.State(1 + rng.IntN(8)), Holder: wire.Address{byte(rng.IntN(3))}, Grade: record.GradeA,
		Source: record.Source{Registry: "ripencc", Status: "allocated", Class: record.Extended}}).Bytes()
}

func estates(rng *rand.Rand) []byte {
	var list []record.Estate
	for range 1 + rng.IntN(2) {
		x := record.Estate{Rules: 1, Kind: record.Grant, Holder: wire.Address{byte(rng.IntN(3))}, Start: moment.Time - 5 + uint64(rng.IntN(8))}
		if rng.IntN(2) == 0 {
			x.Ends = x.Start + uint64(rng.IntN(9))
		}
		if rng.IntN(2) == 0 {
			x.Kind, x.Lease = record.Lease, []record.Terms{{Operator: "Exempel", Abuse: "abuse@example.org"}}
		}
		list = append(list, x)
	}
	return record.EstatesBytes(list)
}

// TestDirectory_scan_DIR1_DIR2_DIR3 compares every answer with a scan of the whole
// state.
func TestDirectory_scan_DIR1_DIR2_DIR3(t *testing.T) {
	rng := rand.New(rand.NewPCG(28, 1))
	for i := range 300 {
		f := wire.Family(i % 3)
		s, order := drawn(rng, f, 1+rng.IntN(40))
		entries := scan(t, s, f)
		for range 20 {
			q := block(rng, f)
			if rng.IntN(2) == 0 {
				q = order[rng.IntN(len(order))]
			}
			agree(t, s, entries, q, rng.IntN(12))
		}
	}
}

// FuzzDirectory is the same for states and questions that a fuzzer draws.
func FuzzDirectory(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, a, b uint64) {
		rng := rand.New(rand.NewPCG(a, b))
		family := wire.Family(rng.IntN(3))
		s, _ := drawn(rng, family, 1+rng.IntN(30))
		agree(t, s, scan(t, s, family), block(rng, family), rng.IntN(12))
	})
}

// TestBelow_bound_DIR3 walks past no more blocks than it may.
func TestBelow_bound_DIR3(t *testing.T) {
	e := tree.State{}.Edit()
	bare := &record.Folio{Contacts: wire.Encode(&record.Services{Rules: 1, Abuse: "abuse@example.net"})}
	for i := range directory.VisitsMax + 1 {
		e.Put(record.FolioLeaf(inr.AS(uint32(i)), bare))
	}
	list, more, err := directory.Below(e.Freeze(), parse(t, "AS0-AS4294967295"), moment, true, 10)
	if len(list) != 0 || !more || err != nil {
		t.Errorf("got %d entries, more %v, %v", len(list), more, err)
	}
}

// TestCovering_damaged gives an error for records that are none, and no panic.
func TestCovering_damaged(t *testing.T) {
	at := parse(t, "193.0.0.0/16")
	e := tree.State{}.Edit()
	e.Put(tree.Leaf{Key: tree.ResourceKey(at), Data: []byte{1, 2, 3}})
	s := e.Freeze()
	if _, _, err := directory.Covering(s, at, moment); err == nil {
		t.Error("covering: no error")
	}
	if _, _, err := directory.Below(s, parse(t, "193.0.0.0/8"), moment, false, 10); err == nil {
		t.Error("below: no error")
	}
}

// BenchmarkCovering is a look-up in a state of 100,000 titles, each with a lease
// inside.
func BenchmarkCovering(b *testing.B) {
	const titles = 100_000
	rng := rand.New(rand.NewPCG(28, 2))
	e := tree.State{}.Edit()
	at := func(i, length int) wire.Resource {
		r := wire.Resource{Family: wire.IPv4, Len: 32, Addr: [16]byte{byte(1 + i>>12), byte(i >> 4), byte(i << 4), 9}}
		return inr.Truncate(r, uint8(length))
	}
	for i := range titles {
		e.Put(record.FolioLeaf(at(i, 20), &record.Folio{Title: (&record.Title{
			Rules: 1, State: record.Held, Holder: wire.Address{byte(i)}, Grade: record.GradeA, Proved: moment.Time,
			Source: record.Source{Registry: "ripencc", Handle: fmt.Sprintf("%08x", i), Status: "allocated", Country: "NL", Class: record.Extended},
		}).Bytes()}))
		if i%2 == 0 {
			e.Put(record.FolioLeaf(at(i, 24), &record.Folio{Estates: record.EstatesBytes([]record.Estate{{
				Rules: 1, Kind: record.Lease, Holder: wire.Address{7}, Lease: []record.Terms{{Operator: "Exempel Net AB", Abuse: "abuse@example.net"}},
			}})}))
		}
	}
	s := e.Freeze()
	b.ReportAllocs()
	for b.Loop() {
		if _, ok, err := directory.Covering(s, at(rng.IntN(titles), 32), moment); !ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}
