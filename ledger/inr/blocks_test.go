package inr

import (
	"bytes"
	"errors"
	"math/big"
	"testing"

	"ipledger/ledger/wire"
)

func TestBlocks_RES5(t *testing.T) {
	for _, c := range readVectors(t).Blocks {
		from, to := must(t, c.First), must(t, c.Last)
		first, _ := Ends(from)
		_, last := Ends(to)
		got, err := Blocks(from.Family, first, last)
		if err != nil {
			t.Fatal(err)
		}
		var text []string
		for _, r := range got {
			text = append(text, r.String())
		}
		if len(text) != len(c.Blocks) {
			t.Fatalf("%s to %s: got %v, want %v", c.First, c.Last, text, c.Blocks)
		}
		for i := range text {
			if text[i] != c.Blocks[i] {
				t.Errorf("%s to %s: got %v, want %v", c.First, c.Last, text, c.Blocks)
			}
		}
	}
}

// A range's blocks join end to end, and no two neighbours could be one block:
// that makes them the fewest.
func TestBlocksOfAnyRange_RES5(t *testing.T) {
	rnd := random()
	for range 5000 {
		a, b := pair(rnd)
		b.Family, b = a.Family, Truncate(b, min(b.Len, uint8(a.Family.Bits())))
		first, _ := Ends(a)
		_, last := Ends(b)
		copy(first[a.Family.Bits()/8:], make([]byte, 16))
		copy(last[a.Family.Bits()/8:], make([]byte, 16))
		if bytes.Compare(first[:], last[:]) > 0 {
			first, last = last, first
		}
		got, err := Blocks(a.Family, first, last)
		if err != nil {
			t.Fatal(err)
		}
		checkRun(t, got, a.Family, first, last)
	}
}

func checkRun(t *testing.T, got []wire.Resource, f wire.Family, first, last [16]byte) {
	t.Helper()
	at := new(big.Int).SetBytes(first[:f.Bits()/8])
	for i, r := range got {
		from, to := ends(r)
		if !r.Valid() || from.Cmp(at) != 0 {
			t.Fatalf("%x to %x: block %d of %v starts elsewhere", first, last, i, got)
		}
		at = new(big.Int).Add(to, big.NewInt(1))
		if i > 0 {
			if sib, ok := Sibling(r); ok && sib == got[i-1] {
				t.Fatalf("%v and %v are one block", got[i-1], r)
			}
		}
	}
	if at.Sub(at, big.NewInt(1)).Cmp(new(big.Int).SetBytes(last[:f.Bits()/8])) != 0 {
		t.Fatalf("%x to %x: %v ends elsewhere", first, last, got)
	}
}

func TestBlocksRefuses_RES5(t *testing.T) {
	one, two := [16]byte{1}, [16]byte{2}
	for name, c := range map[string]struct {
		f           wire.Family
		first, last [16]byte
	}{
		"ends in the wrong order":      {wire.IPv4, two, one},
		"a first beyond the family":    {wire.IPv4, [16]byte{4: 1}, two},
		"a last beyond the family":     {wire.ASN, one, [16]byte{1, 0, 0, 0, 1}},
		"a family that does not exist": {7, one, two},
	} {
		if got, err := Blocks(c.f, c.first, c.last); !errors.Is(err, ErrRange) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func TestEnds_RES5(t *testing.T) {
	rnd := random()
	for range 5000 {
		r := anyBlock(rnd)
		first, last := Ends(r)
		wantFirst, wantLast := ends(r)
		n := r.Family.Bits() / 8
		if new(big.Int).SetBytes(first[:n]).Cmp(wantFirst) != 0 || new(big.Int).SetBytes(last[:n]).Cmp(wantLast) != 0 {
			t.Fatalf("Ends(%v) = %x, %x", r, first, last)
		}
	}
}

func TestRegistrable_RES6(t *testing.T) {
	for _, c := range readVectors(t).Registrable {
		if got := Registrable(must(t, c.Text)); got != c.Registrable {
			t.Errorf("Registrable(%s) = %v, want %v", c.Text, got, c.Registrable)
		}
	}
	list := NeverRegistrable()
	for i, n := range list {
		if n.Source == "" || Registrable(n.Block) || i > 0 && (Compare(list[i-1].Block, n.Block) >= 0 || Overlaps(list[i-1].Block, n.Block)) {
			t.Errorf("entry %d, %v, is out of order or without source", i, n)
		}
	}
	if Registrable(wire.Resource{Len: 40}) {
		t.Error("what is no resource is registrable")
	}
	list[0].Block = wire.Resource{Family: wire.IPv6, Len: 128}
	if NeverRegistrable()[0].Block == list[0].Block {
		t.Error("a caller can change the list")
	}
}
