package tree

import (
	"bytes"
	"errors"
	"math/rand"
	"slices"
	"testing"

	"ipledger/ledger/wire"
)

var errNoData = errors.New("no data of that key")

// valueOf stands for the rooms above: any data give a value, but an empty one.
func valueOf(k Key, data []byte) (wire.Hash, error) {
	if len(data) == 0 {
		return wire.Hash{}, errNoData
	}
	return wire.Sum(wire.TagRecord, []byte{byte(k.Subtree)}, data), nil
}

// valued is a state of n leaves whose values valueOf gives.
func valued(t testing.TB, r *rand.Rand, n, dataMax int) State {
	t.Helper()
	e := State{}.Edit()
	for range n {
		l := Leaf{Key: randomKey(r), Data: make([]byte, 1+r.Intn(dataMax))}
		r.Read(l.Data)
		l.Value, _ = valueOf(l.Key, l.Data)
		e.Put(l)
	}
	return e.Freeze()
}

func chunks(s State) (out [][]byte) {
	for from, more := RootKey(IPv4), true; more; {
		var raw []byte
		raw, from, more = s.Chunk(from)
		out = append(out, raw)
	}
	return out
}

func assemble(root wire.Hash, pieces [][]byte) (State, error) {
	a := NewAssembler(root, valueOf)
	for _, raw := range pieces {
		if err := a.Add(raw); err != nil {
			return State{}, err
		}
	}
	return a.State()
}

func TestChunk_TREE11_all_chunks_give_the_root(t *testing.T) {
	r := rand.New(rand.NewSource(15))
	for _, s := range []State{{}, valued(t, r, 1, 9), valued(t, r, 300, 100), valued(t, r, 200, 60_000), valued(t, r, 6, DataBytesMax)} {
		pieces := chunks(s)
		for i, raw := range pieces {
			if len(raw) > ChunkBytesMax {
				t.Errorf("chunk %d has %d bytes, at most %d", i, len(raw), ChunkBytesMax)
			}
		}
		got, err := assemble(s.Root(), pieces)
		if err != nil || got.Root() != s.Root() || got.Len() != s.Len() {
			t.Fatalf("%d leaves in %d chunks: got %d: %v", s.Len(), len(pieces), got.Len(), err)
		}
		for sub := range Subtree(SubtreeCount) {
			if k := RootKey(sub); !equalLeaves(collect(got, k, k), collect(s, k, k)) {
				t.Fatalf("subtree %d differs", sub)
			}
		}
	}
}

func TestChunk_TREE11_a_leaf_of_any_size_travels(t *testing.T) {
	for sub := range Subtree(SubtreeCount) {
		e := State{}.Edit()
		l := Leaf{Key: RootKey(sub).last(), Data: make([]byte, DataBytesMax)}
		l.Value, _ = valueOf(l.Key, l.Data)
		e.Put(l)
		s := e.Freeze()
		if got, err := assemble(s.Root(), chunks(s)); err != nil || got.Root() != s.Root() {
			t.Errorf("subtree %d: %v", sub, err)
		}
	}
}

func TestAssembler_TREE11_refuses(t *testing.T) {
	r := rand.New(rand.NewSource(16))
	s := valued(t, r, 200, 30_000)
	pieces := chunks(s)
	strange := valued(t, r, 200, 30_000)
	edit := func(f func(*chunkWire)) []byte {
		var w chunkWire
		if err := wire.Decode(pieces[0], ChunkBytesMax, &w); err != nil {
			t.Fatal(err)
		}
		f(&w)
		return wire.Encode(w)
	}
	for _, c := range []struct {
		name string
		raw  []byte
		want error
	}{
		{"the chunk after the next", pieces[1], ErrOrder},
		{"a chunk of another state", chunks(strange)[0], ErrProof},
		{"a leaf left out", edit(func(w *chunkWire) { w.Leaves = w.Leaves[1:] }), ErrProof},
		{"data changed", edit(func(w *chunkWire) { w.Leaves[0].Data[0] ^= 1 }), ErrProof},
		{"data of no record", edit(func(w *chunkWire) { w.Leaves[0].Data = nil }), errNoData},
		{"a key moved", edit(func(w *chunkWire) { w.Leaves[0].Key = RootKey(IPv4).last().Bytes() }), ErrOrder},
		{"no key", edit(func(w *chunkWire) { w.Leaves[0].Key = nil }), ErrKey},
		{"no start", edit(func(w *chunkWire) { w.From = nil }), ErrKey},
		{"no proof", edit(func(w *chunkWire) { w.Proof = nil }), ErrProof},
		{"a byte too many", append(slices.Clip(pieces[0]), 0), wire.ErrCanonical},
		{"nothing", nil, wire.ErrCanonical},
	} {
		a := NewAssembler(s.Root(), valueOf)
		if err := a.Add(c.raw); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
		if err := a.Add(pieces[0]); err != nil {
			t.Errorf("after %s: %v", c.name, err)
		}
		if _, err := a.State(); err == nil {
			t.Errorf("after %s: a state of one chunk", c.name)
		}
	}
}

func TestOpenChunk_TREE11_flipped_bytes(t *testing.T) {
	r := rand.New(rand.NewSource(17))
	s := valued(t, r, 60, 20)
	for _, raw := range chunks(s) {
		good, err := OpenChunk(s.Root(), raw, valueOf)
		if err != nil {
			t.Fatal(err)
		}
		for i := range raw {
			bad := bytes.Clone(raw)
			bad[i] ^= 1 << r.Intn(8)
			// A chunk that starts elsewhere may be true; an Assembler awaits
			// another.
			if c, err := OpenChunk(s.Root(), bad, valueOf); err == nil && c.From == good.From {
				t.Fatalf("byte %d of %d changed and accepted", i, len(raw))
			}
		}
	}
}
