package light

import (
	"encoding/json"
	"fmt"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// crowd is the world of these tests among a quarter of a million other titles, so
// that proofs are as long as those of a registry.
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
	return e.Freeze()
}

// binarySize is how many bytes a file's content has, its digits counted half, but
// for the statement, which the rest gives (PRF-13).
func binarySize(t *testing.T, f *File) int {
	t.Helper()
	var v any
	if err := json.Unmarshal(f.Bytes(), &v); err != nil {
		t.Fatal(err)
	}
	return bytesIn(v) - len(f.Statement)
}

func bytesIn(v any) (n int) {
	switch v := v.(type) {
	case string:
		var raw Hex
		if raw.UnmarshalText([]byte(v)) == nil {
			return len(raw)
		}
		return len(v)
	case []any:
		for _, x := range v {
			n += bytesIn(x)
		}
	case map[string]any:
		for _, x := range v {
			n += bytesIn(x)
		}
	default:
		panic(fmt.Sprintf("light: %T in a proof file", v))
	}
	return n
}

// TestSize_PRF1: the proof of a point under four validators, the holder, two rights
// carved out, two authorisations and all between it and a root over a quarter of a
// million titles, has at most 6,000 bytes, and at most 3,000 where digits
// are bytes and the statement is left to the reader.
func TestSize_PRF1(t *testing.T) {
	s := source(newCommittee(1, 4), crowd(t), nil)
	r := parse(t, "193.0.8.1/32")
	for name, make := range map[string]func() (*File, error){
		"resource":      func() (*File, error) { return s.Resource(r) },
		"absence":       func() (*File, error) { return s.Resource(parse(t, "192.0.2.0/24")) },
		"authorisation": func() (*File, error) { return s.Authorised(Route{parse(t, "193.0.8.0/24"), 1299, 24}) },
	} {
		f, err := make()
		text, binary := len(file(t, f, err).Bytes()), binarySize(t, f)
		t.Logf("%s: %d bytes of JSON, %d of content", name, text, binary)
		if text > 6000 || binary > 3000 {
			t.Errorf("%s: %d bytes of JSON and %d of content, at most 6000 and 3000 wanted", name, text, binary)
		}
	}
}
