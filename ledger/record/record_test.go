package record

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"testing"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

func sampleTitle() *Title {
	return &Title{Rules: 1, State: Held, Holder: wire.Address{9}, Grade: GradeA, Since: 5, Counter: 7, Qualified: 8, Basis: []wire.Address{{1}}, Forum: "f", Stated: 20251128,
		Source:       Source{Registry: "arin", Handle: "h", Status: "allocated", Date: 20200102, Country: "US", Class: Extended, Legacy: true},
		Predecessors: []Predecessor{{wire.Resource{Family: wire.IPv4, Len: 8, Addr: [16]byte{60}}, wire.Hash{1}}}}
}

// TestFolio_REC1 computes a folio's value with nothing but SHA-256.
func TestFolio_REC1(t *testing.T) {
	f := &Folio{Title: sampleTitle().Bytes(), Authorisations: OriginsBytes([]Origin{{Rules: 1, AS: 3}}), Previous: wire.Hash{8}}
	raw := []byte{0x70}
	for i, slot := range f.slots() {
		part := make([]byte, 32)
		if len(slot) > 0 {
			sum := sha256.Sum256(append([]byte{0x71, 0xf0 + byte(i)}, slot...))
			part = sum[:]
		}
		raw = append(raw, part...)
	}
	raw = append(raw, f.Previous[:]...)
	if got, want := f.Value(), wire.Hash(sha256.Sum256(raw)); got != want {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func TestLeaf_REC2(t *testing.T) {
	k := tree.AccountKey(wire.Address{1})
	want := wire.Hash(sha256.Sum256([]byte{0x71, 3, 'd'}))
	if got := Leaf(k, []byte("d")).Value; got != want {
		t.Fatalf("got %v, want %v", got, want)
	}
	if got, err := ValueOfData(k, []byte("d")); err != nil || got != want {
		t.Fatalf("got %v, %v", got, err)
	}
	r := wire.Resource{Family: wire.IPv4, Len: 8, Addr: [16]byte{60}}
	leaf := FolioLeaf(r, &Folio{Title: sampleTitle().Bytes()})
	if got, err := ValueOfData(leaf.Key, leaf.Data); err != nil || got != leaf.Value {
		t.Fatalf("got %v, %v, want %v", got, err, leaf.Value)
	}
	if _, err := ValueOfData(leaf.Key, []byte{1}); !errors.Is(err, wire.ErrCanonical) {
		t.Fatalf("got %v for bytes that are no folio", err)
	}
}

// TestRead_REC4 refuses lists that are empty or too long, and trailing bytes.
func TestRead_REC4(t *testing.T) {
	many := wire.Encode(make(estates, AtMax+1))
	three := sampleTitle()
	three.Predecessors = make([]Predecessor, 3)
	for name, read := range map[string]func() error{
		"no estate":          func() error { _, err := EstatesFromBytes([]byte{0xc0}); return err },
		"fifteen estates":    func() error { _, err := EstatesFromBytes(many); return err },
		"no authorisation":   func() error { _, err := OriginsFromBytes([]byte{0xc0}); return err },
		"three predecessors": func() error { _, err := TitleFromBytes(three.Bytes()); return err },
		"trailing byte":      func() error { _, err := TitleFromBytes(append(sampleTitle().Bytes(), 0)); return err },
		"evidence of 257 blocks": func() error {
			_, err := EvidenceFromBytes(wire.Encode(&Evidence{Resources: make([]wire.Resource, EvidenceResourcesMax+1)}))
			return err
		},
		"evidence of 65 digests": func() error {
			_, err := EvidenceFromBytes(wire.Encode(&Evidence{Digests: make([]wire.Hash, EvidenceDigestsMax+1)}))
			return err
		},
		"long folio": func() error { _, err := FolioFromBytes(make([]byte, FolioBytesMax+1)); return err },
	} {
		if read() == nil {
			t.Errorf("%s was read", name)
		}
	}
	if got, err := TitleFromBytes(sampleTitle().Bytes()); err != nil || !bytes.Equal(got.Bytes(), sampleTitle().Bytes()) {
		t.Fatalf("a title did not survive: %v", err)
	}
}

// FuzzRead_REC4: what is read re-encodes to the same bytes.
func FuzzRead_REC4(f *testing.F) {
	f.Add(sampleTitle().Bytes())
	f.Add(wire.Encode(&Folio{Title: sampleTitle().Bytes()}))
	f.Add(EstatesBytes([]Estate{{Rules: 1, Kind: Grant}}))
	for _, v := range samples() {
		f.Add(wire.Encode(v))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		same := func(name string, again []byte, err error) {
			if err == nil && !bytes.Equal(again, raw) {
				t.Fatalf("%s re-encodes to %x", name, again)
			}
		}
		if v, err := TitleFromBytes(raw); err == nil {
			same("title", v.Bytes(), err)
		}
		if v, err := FolioFromBytes(raw); err == nil {
			same("folio", wire.Encode(v), err)
		}
		if v, err := EstatesFromBytes(raw); err == nil && len(raw) > 0 {
			same("estates", EstatesBytes(v), err)
		}
		if v, err := OriginsFromBytes(raw); err == nil && len(raw) > 0 {
			same("origins", OriginsBytes(v), err)
		}
		if v, err := OfferFromBytes(raw); err == nil {
			same("offer", wire.Encode(v), err)
		}
		if v, err := CaseFromBytes(raw); err == nil {
			same("case", wire.Encode(v), err)
		}
		if v, err := OrderFromBytes(raw); err == nil {
			same("order", wire.Encode(v), err)
		}
		if v, err := DueFromBytes(raw); err == nil {
			same("due", wire.Encode(v), err)
		}
		if v, err := ChargesFromBytes(raw); err == nil && len(raw) > 0 {
			same("charges", ChargesBytes(v), err)
		}
		if v, err := RestrictionsFromBytes(raw); err == nil && len(raw) > 0 {
			same("restrictions", RestrictionsBytes(v), err)
		}
		if v, err := ServicesFromBytes(raw); err == nil {
			same("services", wire.Encode(v), err)
		}
		if v, err := WaitingFromBytes(raw); err == nil {
			same("waiting", wire.Encode(v), err)
		}
		if v, err := EvidenceFromBytes(raw); err == nil {
			same("evidence", wire.Encode(v), err)
		}
		if v, err := RecoveryFromBytes(raw); err == nil {
			same("recovery", wire.Encode(v), err)
		}
	})
}
