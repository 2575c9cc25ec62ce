package light

import (
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// crowd is the world of these tests among a quarter of a million other titles and a
// hundred thousand AS numbers, so that proofs are as long as those of a registry.
func crowd(t testing.TB) tree.State {
	e := world(t).Edit()
	title := (&record.Title{Rules: 1, State: record.Unclaimed, Source: record.Source{Registry: "ripencc", Status: "assigned", Class: record.Whole}}).Bytes()
	for i := range uint32(250_000) {
		at := i * 2654435761 // scattered over the whole
		r := wire.Resource{Family: wire.IPv4, Addr: [16]byte{byte(at >> 24), byte(at >> 16), byte(at >> 8)}, Len: 24}
		if r.Addr[0] < 193 || r.Addr[0] > 195 {
			e.Put(record.FolioLeaf(r, &record.Folio{Title: title}))
		}
	}
	for i := range uint32(100_000) {
		e.Put(record.FolioLeaf(inr.AS(1299+i*4), &record.Folio{Title: title}))
	}
	return e.Freeze()
}

// TestSize_PRF1: the proof of a point under four validators, the holder, two rights
// carved out, two authorisations and all between it and a root over a quarter of a
// million titles, has at most 6,000 bytes, and at most 3,000 in its binary form; with
// whose its AS number is, that of an authorisation has at most 8,000 and 4,000.
func TestSize_PRF1(t *testing.T) {
	s := source(newCommittee(1, 4), crowd(t), nil)
	r := parse(t, "193.0.8.1/32")
	for name, x := range map[string]struct {
		make               func() (*File, error)
		textMax, binaryMax int
	}{
		"resource":         {func() (*File, error) { return s.Resource(r) }, 6000, 3000},
		"absence":          {func() (*File, error) { return s.Resource(parse(t, "192.0.2.0/24")) }, 6000, 3000},
		"no authorisation": {func() (*File, error) { return s.Authorised(Route{parse(t, "193.0.8.0/24"), 1299, 25}) }, 6000, 3000},
		"authorisation":    {func() (*File, error) { return s.Authorised(Route{parse(t, "193.0.8.0/24"), 1299, 24}) }, 8000, 4000},
	} {
		f, err := x.make()
		text, binary := len(file(t, f, err).Bytes()), len(f.Binary())
		t.Logf("%s: %d bytes of JSON, %d binary", name, text, binary)
		if text > x.textMax || binary > x.binaryMax {
			t.Errorf("%s: %d bytes of JSON and %d binary, at most %d and %d wanted", name, text, binary, x.textMax, x.binaryMax)
		}
	}
}
