package tree

import (
	"errors"
	"slices"
	"testing"

	"ipledger/ledger/wire"
)

// deepest is the state in which the path to the last key parts at every bit.
func deepest(s Subtree) (State, Key) {
	e := State{}.Edit()
	full := Key{Subtree: s}.last()
	for n := range s.Width() {
		if s.Prefixes() {
			e.Put(Leaf{Key: full.cut(n), Value: wire.Hash{1}})
		}
		aside := full
		aside.Addr[n/8] ^= 0x80 >> (n % 8)
		e.Put(Leaf{Key: aside, Value: wire.Hash{2}})
	}
	e.Put(Leaf{Key: full, Value: wire.Hash{3}})
	return e.Freeze(), full
}

func TestProve_TREE12_the_deepest_paths_fit(t *testing.T) {
	for s := range Subtree(SubtreeCount) {
		state, k := deepest(s)
		raw := state.Prove(k)
		p, err := VerifyPoint(state.Root(), k, raw)
		if err != nil || !p.Found || p.More || len(raw) > PointBytesMax {
			t.Errorf("subtree %d: %d bytes: %v", s, len(raw), err)
		}
		first := RootKey(s)
		_, page := state.ProveRange(first, first, 1)
		leaves, raw := state.ProveRange(first, k, 1)
		if _, err := VerifyRange(state.Root(), first, k, pairs(leaves), raw); err != nil || len(raw) > RangeBytesMax || len(page) > RangeBytesMax {
			t.Errorf("subtree %d: range of %d bytes: %v", s, len(raw), err)
		}
	}
}

// 129 prefixes, each in the one before: the worst that one holder can do.
func TestProve_TREE12_129_nested_prefixes(t *testing.T) {
	e := State{}.Edit()
	full := resource(t, "2001:db8::1/128")
	for n := range 129 {
		e.Put(Leaf{Key: full.cut(n), Value: wire.Hash{byte(n)}})
	}
	stranger := resource(t, "2001:db9::/32")
	e.Put(Leaf{Key: stranger, Value: wire.Hash{9}})
	s := e.Freeze()
	raw := s.Prove(full)
	p, err := VerifyPoint(s.Root(), full, raw)
	if err != nil || len(p.Chain) != 129 || len(raw) > 129*(32+1)+200 {
		t.Errorf("%d bytes, chain of %d: %v", len(raw), len(p.Chain), err)
	}
	raw = s.Prove(stranger)
	p, err = VerifyPoint(s.Root(), stranger, raw)
	if err != nil || len(p.Chain) != 33 || len(raw) > 33*(32+1)+200 {
		t.Errorf("the stranger's: %d bytes, chain of %d: %v", len(raw), len(p.Chain), err)
	}
}

func TestVerify_TREE12_sizes_come_first(t *testing.T) {
	k := resource(t, "192.0.2.0/24")
	if _, err := VerifyPoint(wire.Hash{}, k, make([]byte, PointBytesMax+1)); !errors.Is(err, ErrSize) {
		t.Errorf("point: got %v, want %v", err, ErrSize)
	}
	if _, err := VerifyRange(wire.Hash{}, k, k, nil, make([]byte, RangeBytesMax+1)); !errors.Is(err, ErrSize) {
		t.Errorf("range: got %v, want %v", err, ErrSize)
	}
	if _, err := VerifyRange(wire.Hash{}, k, k, make([]KeyValue, RangeEntriesMax+1), nil); !errors.Is(err, ErrSize) {
		t.Errorf("list: got %v, want %v", err, ErrSize)
	}
	if _, err := OpenChunk(wire.Hash{}, make([]byte, ChunkBytesMax+1), valueOf); !errors.Is(err, wire.ErrSize) {
		t.Errorf("chunk: got %v, want %v", err, wire.ErrSize)
	}
	big := []Leaf{{Key: k, Data: make([]byte, DataBytesMax+1)}}
	if _, err := Build(slices.Values(big)); !errors.Is(err, ErrSize) {
		t.Errorf("data: got %v, want %v", err, ErrSize)
	}
}

func TestBuild_TREE7_refuses_disorder(t *testing.T) {
	a, b := Leaf{Key: resource(t, "10.0.0.0/8")}, Leaf{Key: resource(t, "10.0.0.0/9")}
	for name, leaves := range map[string][]Leaf{"descending": {b, a}, "twice": {a, a}, "subtrees": {{Key: AccountKey(wire.Address{})}, a}} {
		if _, err := Build(slices.Values(leaves)); !errors.Is(err, ErrOrder) {
			t.Errorf("%s: got %v, want %v", name, err, ErrOrder)
		}
	}
}
